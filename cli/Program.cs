using System.CommandLine;
using System.CommandLine.Invocation;
using Atoll.Bench;
using Atoll.Cli.Terminal;
using Atoll.Cli.Verbs;
using Atoll.Cli.Workspace;
using Atoll.TestVm.Machine;

namespace Atoll.Cli;

/// <summary>The host program behind <c>build.sh</c> and <c>build.ps1</c>. Data goes to stdout, progress to stderr.</summary>
public static class Program
{
    /// <summary>Runs one verb. Exit code 0 only on success.</summary>
    public static int Main(string[] arguments)
    {
        try
        {
            var repository = Repository.Find();
            try
            {
                return Run(repository, arguments);
            }
            catch (UnauthorizedAccessException error)
            {
                Progress.Say(repository.IsWritable ? error.Message : repository.WhyNotWritable(error));
                return 1;
            }
            catch (IOException error)
            {
                Progress.Say(repository.IsWritable ? error.Message : repository.WhyNotWritable(error));
                return 1;
            }
        }
        catch (Exception error) when (error is UserException or VmException or BenchmarkException)
        {
            Progress.Say(error.Message);
            return 1;
        }
    }

    private static int Run(Repository repository, string[] arguments)
    {
        Command root = VerbCatalog.Create(repository);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is not ParseErrorAction)
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }

        // Of a word that is no verb it would also be said that a verb is missing.
        IEnumerable<string> messages = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(word => $"'{word}' is not understood")
            : parsed.Errors.Select(error => error.Message).Distinct();
        foreach (string message in messages)
        {
            Progress.Say(message);
        }

        string verb = parsed.CommandResult.Command == root ? "" : $" {parsed.CommandResult.Command.Name}";
        Progress.Say($"'{Repository.Script}{verb} --help' tells what there is");
        return 1;
    }
}
