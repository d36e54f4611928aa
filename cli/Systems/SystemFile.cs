using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Reads <c>systems/NAME.toml</c> (docs/systems.md): keys, kinds of values, ranges, names.</summary>
public sealed partial class SystemFile
{
    private const int GrantMiBUsual = 8;
    private const int GrantMiBMax = 65536;

    private readonly DiagnosticBag _findings;

    private SystemFile(DiagnosticBag findings) => _findings = findings;

    /// <summary>Reads a description.</summary>
    /// <param name="root">Top table of the file.</param>
    /// <param name="name">Name of the system.</param>
    /// <param name="findings">Takes everything that is wrong.</param>
    /// <returns>The description; null after a finding.</returns>
    public static SystemDescription? Read(TomlSection root, string name, DiagnosticBag findings)
    {
        DiagnosticBag own = new();
        SystemDescription description = new SystemFile(own).ReadSystem(root, name);
        findings.AddRange(own.Found);
        return own.HasAny ? null : description;
    }

    private SystemDescription ReadSystem(TomlSection root, string name)
    {
        SectionReader reader = new(root, "a system", _findings);
        string description = reader.RequiredText("description") ?? "";
        int cores = (int)(reader.Number("cores", 1, Verbs.CheckedOption.CoresMax) ?? 1);
        int grant = (int)(reader.Number("grant_mib", 2, GrantMiBMax, 2) ?? GrantMiBUsual);
        reader.Require("program");
        IReadOnlyList<ProgramDescription> programs = BadgeText.Resolve(
            [.. reader.Sections("program").Select(section => new ProgramTable(section, _findings).Read())], _findings);
        IReadOnlyList<TomlSection> all = [.. reader.Sections("channel")];
        IReadOnlyList<ChannelDescription> channels = [.. all.Where(section => !HasEnds(section)).Select(ReadChannel)];
        IReadOnlyList<RingChannelDescription> rings = [.. all.Where(HasEnds).Select(ReadRingChannel)];
        IReadOnlyList<RegionDescription> regions = [.. reader.Sections("region").Select(ReadRegion)];
        IReadOnlyList<ForwardedPort> forwards = [.. reader.Sections("forward").Select(ReadForward)];
        reader.Finish();
        ReportTwins("programs", programs.Select(program => (program.Name, program.Place)));
        ReportTwins("regions", regions.Select(region => (region.Name, region.Place)));
        ReportTwins("forwards", forwards.Select(forward => (forward.ToString(), forward.Place)));
        foreach (ProgramDescription program in programs.Where(program => program.Name == ChannelEnd.Init))
        {
            _findings.Report(
                DescriptionDiagnostics.DuplicateName, "'init' is the program that the kernel starts, and always there.", source: program.Place);
        }

        ReportExcess("programs", programs.Count, SystemHeader.ProgramsMax, root);
        ReportExcess("channels", channels.Count, SystemHeader.ChannelsMax - 1, root);
        ReportExcess("regions", regions.Count, SystemHeader.RegionsMax, root);
        return new SystemDescription(name, description, cores, grant, programs, channels, rings, regions, root.Place)
        {
            Forwards = forwards,
        };
    }

    private ForwardedPort ReadForward(TomlSection section)
    {
        SectionReader reader = new(section, "a forward", _findings);
        bool isUdp = reader.Word("protocol", ["tcp", "udp"]) == "udp";
        long port = reader.RequiredNumber("port", 1, ushort.MaxValue) ?? 0;
        reader.Finish();
        return new ForwardedPort((ushort)port, isUdp, section.Place);
    }

    private ChannelDescription ReadChannel(TomlSection section)
    {
        SectionReader reader = new(section, "a channel", _findings);
        ChannelEnd server = ReadEnd(reader.RequiredText("server"), reader.PlaceOf("server"));
        reader.Require("clients");
        List<ChannelEnd> clients = [.. reader.Texts("clients").Select(client => ReadEnd(client.Content, client.Place))];
        reader.Finish();
        return new ChannelDescription(server, clients);
    }

    private static bool HasEnds(TomlSection section) => section.Find("ends") is not null;

    private RingChannelDescription ReadRingChannel(TomlSection section)
    {
        SectionReader reader = new(section, "a channel of rings", _findings);
        List<ChannelEnd> ends = [.. reader.Texts("ends").Select(end => ReadRingEnd(end.Content, end.Place))];
        reader.Finish();
        if (ends.Count != 2)
        {
            _findings.Report(
                DescriptionDiagnostics.OutOfRange, $"A channel of rings has two ends, and not {ends.Count}.", source: reader.PlaceOf("ends"));
        }

        ChannelEnd none = new("", "", section.Place);
        return new RingChannelDescription(ends.FirstOrDefault(none), ends.ElementAtOrDefault(1) ?? none, section.Place);
    }

    [GeneratedRegex(@"^([^\[\]]*)\[(\d{1,5})-(\d{1,5})\]$")]
    private static partial Regex WithRange();

    private ChannelEnd ReadRingEnd(string text, SourceLine place)
    {
        Match match = WithRange().Match(text);
        if (!match.Success)
        {
            return ReadEnd(text, place);
        }

        EndRange range = new(uint.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), uint.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
        if (range.Last < range.First)
        {
            _findings.Report(DescriptionDiagnostics.OutOfRange, $"'{text}' names no end: the last lies before the first.", source: place);
        }

        return ReadEnd(match.Groups[1].Value, place) with { Range = range };
    }

    private ChannelEnd ReadEnd(string? text, SourceLine place)
    {
        string[] parts = text?.Split('.') ?? [];
        bool isGood = text is null || text == ChannelEnd.Init || parts is [{ Length: > 0 }, { Length: > 0 }];
        if (!isGood)
        {
            _findings.Report(DescriptionDiagnostics.BadReference, $"'{text}' names no end of a channel.", source: place);
        }

        return new ChannelEnd(parts is [] ? "" : parts[0], parts.Length == 2 ? parts[1] : "", place);
    }

    private RegionDescription ReadRegion(TomlSection section)
    {
        const long large = 1 << (ObjectSize.LargeFrameBits - 10);
        const long small = 1 << (ObjectSize.FrameBits - 10);
        SectionReader reader = new(section, "a region", _findings);
        string name = reader.RequiredName("name") ?? "";
        bool isLarge = reader.Word("page", ["4k", "2m"]) == "2m";
        long step = isLarge ? large : small;
        long size = reader.RequiredNumber("size_kib", step, 1 << 20, step) ?? step;
        reader.Finish();
        byte bits = (byte)(isLarge ? ObjectSize.LargeFrameBits : ObjectSize.FrameBits);
        return new RegionDescription(name, (ulong)size * 1024, bits, section.Place);
    }

    private void ReportTwins(string what, IEnumerable<(string Name, SourceLine Place)> named)
    {
        foreach (var twins in named.Where(pair => pair.Name.Length > 0).GroupBy(pair => pair.Name))
        {
            foreach ((string name, SourceLine place) in twins.Skip(1))
            {
                _findings.Report(
                    DescriptionDiagnostics.DuplicateName, $"Two {what} are called '{name}', the first in line {twins.First().Place.Line}.", source: place);
            }
        }
    }

    private void ReportExcess(string what, int count, uint most, TomlSection root)
    {
        if (count > most)
        {
            _findings.Report(DescriptionDiagnostics.TooMany, $"The system has {count} {what}, of at most {most}.", source: root.Place);
        }
    }
}
