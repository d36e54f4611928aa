using System.Text.RegularExpressions;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>In arguments <c>{NAME}</c> stands for the badge of a program, by which servers know it: so a server is told in the description what each client may have.</summary>
internal static partial class BadgeText
{
    /// <summary>Puts the badges in.</summary>
    /// <param name="programs">Programs, in the order of the file.</param>
    /// <param name="findings">Takes names that no program has.</param>
    public static IReadOnlyList<ProgramDescription> Resolve(IReadOnlyList<ProgramDescription> programs, DiagnosticBag findings)
    {
        string[] names = [.. programs.Select(program => program.Name)];
        return
        [
            .. programs.Select(program => program with
            {
                Arguments = Name().Replace(program.Arguments, match => BadgeOf(match.Groups[1].Value, names, program.ArgumentsPlace, findings)),
            }),
        ];
    }

    private static string BadgeOf(string name, string[] names, SourceLine? place, DiagnosticBag findings)
    {
        int index = Array.IndexOf(names, name);
        if (index < 0)
        {
            findings.Report(
                DescriptionDiagnostics.ProgramUnknown, $"There is no program '{name}' in the system{Nearest.Of(name, names)}", source: place);
        }

        return $"{index + 1}";
    }

    [GeneratedRegex(@"\{([a-z][a-z0-9-]*)\}")]
    private static partial Regex Name();
}
