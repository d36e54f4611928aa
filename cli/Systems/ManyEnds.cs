using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>The ends of a need with a count, as entry after entry joins them: each once, and from the first on without a gap.</summary>
internal sealed class ManyEnds(Checks checks, CheckedProgram program, NeedRequest need)
{
    private readonly List<(EndPart Part, string Other, SourceLine Place)> _parts = [];

    /// <summary>Joins some of them.</summary>
    public void Add(EndPart part, string other, SourceLine place)
    {
        if (_parts.Find(had => had.Part.First < part.First + part.Count && part.First < had.Part.First + had.Part.Count) is { Part: { } twice, Other: { } to })
        {
            checks.Report(
                DescriptionDiagnostics.NeedSatisfiedTwice,
                $"End {uint.Max(twice.First, part.First)} of '{program.Name}.{need.Name}' has a channel of rings to {to} already.",
                place);
        }

        _parts.Add((part, other, place));
    }

    /// <summary>Satisfies the need.</summary>
    public void Give()
    {
        _parts.Sort((one, other) => one.Part.First.CompareTo(other.Part.First));
        uint next = 0;
        foreach ((EndPart part, _, _) in _parts.TakeWhile(had => had.Part.First == next))
        {
            next += part.Count;
        }

        if (_parts.Find(had => had.Part.First > next) is { Part: not null } beyond)
        {
            checks.Report(
                DescriptionDiagnostics.NeedUnsatisfied, $"No [[channel]] joins end {next} of '{program.Name}.{need.Name}', and this joins one above.", beyond.Place);
        }

        string to = string.Join(", ", _parts.Select(had => $"{had.Part.Count} to {had.Other} on {WhereOf(had.Part)}"));
        Gift gift = new($"channels of rings from {_parts[0].Part.Object} on, bit {ProgramInformation.ManyChannelsBit}: {to}")
        {
            Badge = 1UL << ProgramInformation.ManyChannelsBit,
            Argument = ProgramInformation.ManyChannelsBase,
            Rights = (byte)CapabilityRights.Read,
            Parts = [.. _parts.Select(had => had.Part)],
        };
        checks.Give(program, need, gift, _parts[0].Place);
    }

    private static string WhereOf(EndPart part) => part.Peer == ProgramRecord.EveryCore ? "every core" : $"core {part.Peer}";
}
