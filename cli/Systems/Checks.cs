using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>A program of the description with its image.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Description">What the system says.</param>
/// <param name="Image">Its image.</param>
internal sealed record CheckedProgram(int Index, ProgramDescription Description, ProgramImage Image)
{
    /// <summary>Its name in the system.</summary>
    public string Name => Description.Name;

    /// <summary>The need of a name, or null.</summary>
    public NeedRequest? Need(string name) => Image.Manifest.Needs.FirstOrDefault(need => need.Name == name);
}

/// <summary>What all checks share: description, programs, what is satisfied so far, findings.</summary>
internal sealed class Checks(SystemDescription description, IReadOnlyList<CheckedProgram> programs, DiagnosticBag findings)
{
    private readonly Dictionary<(int Program, string Need), Gift> _gifts = [];

    /// <summary>The description.</summary>
    public SystemDescription System => description;

    /// <summary>Its programs, by number.</summary>
    public IReadOnlyList<CheckedProgram> Programs => programs;

    /// <summary>The program of a name; null after a finding.</summary>
    public CheckedProgram? Find(string name, SourceLine place)
    {
        CheckedProgram? program = programs.FirstOrDefault(program => program.Name == name);
        if (program is null)
        {
            Report(
                DescriptionDiagnostics.ProgramUnknown,
                $"There is no program '{name}' in the system{Nearest.Of(name, programs.Select(other => other.Name))}",
                place);
        }

        return program;
    }

    /// <summary>The need of a program by name, of one of some kinds; null after a finding.</summary>
    public NeedRequest? FindNeed(CheckedProgram program, string name, SourceLine place, params ReadOnlySpan<GrantKind> kinds)
    {
        NeedRequest? need = program.Need(name);
        if (need is null)
        {
            Report(
                DescriptionDiagnostics.NeedUnknown,
                $"'{program.Name}' has no need '{name}' ({program.Image.ManifestFile}){Nearest.Of(name, program.Image.Manifest.Needs.Select(other => other.Name))}",
                place);
            return null;
        }

        if (kinds.Contains(need.Kind))
        {
            return need;
        }

        string wanted = string.Join(" or ", kinds.ToArray().Select(kind => $"'{NeedKinds.WordOf(kind)}'"));
        Report(
            DescriptionDiagnostics.NeedOfOtherKind,
            $"The need '{name}' of '{program.Name}' is of kind '{NeedKinds.WordOf(need.Kind)}', and not {wanted} ({program.Image.ManifestFile}).",
            place);
        return null;
    }

    /// <summary>What satisfies a need so far, or null.</summary>
    public Gift? GiftOf(CheckedProgram program, NeedRequest need) => _gifts.GetValueOrDefault((program.Index, need.Name));

    /// <summary>Satisfies a need, once.</summary>
    public void Give(CheckedProgram program, NeedRequest need, Gift gift, SourceLine place)
    {
        if (!_gifts.TryAdd((program.Index, need.Name), gift))
        {
            Report(
                DescriptionDiagnostics.NeedSatisfiedTwice,
                $"The need '{need.Name}' of '{program.Name}' has {_gifts[(program.Index, need.Name)].Text} already.",
                place);
        }
    }

    /// <summary>Whether two programs, each on a core or on every (null), meet on the second one's cores.</summary>
    public static bool IsWhere(int? server, int? client) => server is null || server == client;

    /// <summary>A core for a message.</summary>
    public static string CoreText(int? core) => core is { } number ? $"core {number}" : "every core";

    /// <summary>Takes a finding.</summary>
    public void Report(DiagnosticDescriptor kind, string what, SourceLine place) => findings.Report(kind, what, source: place);
}
