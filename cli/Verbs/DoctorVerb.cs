using System.CommandLine;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Verbs;

/// <summary><c>doctor</c>: says what is missing and how to mend it. Changes nothing.</summary>
public static class DoctorVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(Repository repository)
    {
        var command = new Command("doctor", "Report whether this machine has what Atoll needs. Installs nothing.");
        command.SetAction(_ => Report(Diagnosis.All(repository)));
        return command;
    }

    private static int Report(IEnumerable<Finding> findings)
    {
        bool healthy = true;
        foreach (Finding finding in findings)
        {
            Console.WriteLine($"{(finding.IsGood ? '✓' : '✗')} {finding.What}: {finding.Seen}");
            if (!finding.IsGood)
            {
                Console.WriteLine($"    {(finding.IsNeeded ? "fix" : "optional")}: {finding.Fix}");
                healthy &= !finding.IsNeeded;
            }
        }

        return healthy ? 0 : 1;
    }
}
