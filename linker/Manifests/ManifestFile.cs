using System.Numerics;
using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Profiles;
using Atoll.Linker.Toml;

namespace Atoll.Linker.Manifests;

/// <summary>Reads the manifest that people write: <c>program.toml</c> (docs/systems.md).</summary>
public sealed class ManifestFile
{
    private const long BytesOfKib = 1024;
    private const long PageKib = (long)ImageLayout.PageSizeBytes / BytesOfKib;

    /// <summary>What a program gets that asks for nothing else: four pages.</summary>
    private const long DefaultStackKib = 16;

    /// <summary>Keys that only some kinds of need have.</summary>
    private static readonly string[] s_keysOfKinds = ["protocol", "version", "count", "size_kib"];

    private readonly DiagnosticBag _findings;

    private ManifestFile(DiagnosticBag findings) => _findings = findings;

    /// <summary>Reads a manifest.</summary>
    /// <param name="root">Top table of the file.</param>
    /// <param name="findings">Takes everything that is wrong.</param>
    /// <returns>What is asked for; null after a finding.</returns>
    public static ProgramRequest? Read(TomlSection root, DiagnosticBag findings)
    {
        DiagnosticBag own = new();
        ProgramRequest request = new ManifestFile(own).ReadProgram(root);
        findings.AddRange(own.Found);
        return own.HasAny ? null : request;
    }

    private ProgramRequest ReadProgram(TomlSection root)
    {
        SectionReader reader = new(root, "a program", _findings);
        string name = reader.RequiredName("name") ?? "";
        long stack = reader.Number("stack_kib", PageKib, ProgramManifest.StackBytesMax / BytesOfKib, PageKib) ?? DefaultStackKib;
        long replies = reader.Number("replies", 1, ProgramRequest.RepliesMax) ?? 1;
        IReadOnlyList<TomlSection> sections = reader.Sections("needs");
        reader.Finish();
        List<NeedRequest> needs = [];
        foreach (TomlSection section in sections)
        {
            Add(needs, section);
        }

        if (sections.Count > ProgramInformation.GrantsMax)
        {
            _findings.Report(
                DescriptionDiagnostics.TooManyNeeds,
                $"The program has {sections.Count} needs, of at most {ProgramInformation.GrantsMax}.",
                source: sections[ProgramInformation.GrantsMax].Place);
        }

        return new ProgramRequest(name, (uint)(stack * BytesOfKib)) { Replies = (uint)replies, Needs = needs };
    }

    private void Add(List<NeedRequest> needs, TomlSection section)
    {
        SectionReader reader = new(section, "a need", _findings);
        string name = reader.RequiredName("name") ?? "";
        string? word = reader.Require("kind") ? reader.Word("kind", NeedKinds.Words) : null;
        bool isOptional = reader.Flag("optional");
        NeedRequest need = new(name, NeedKinds.Of(word ?? ""), IsOptional: isOptional);
        need = word is null ? SkipKeys(reader, need) : ReadKind(reader, need);
        reader.Finish();
        if (name.Length > 0 && needs.Exists(other => other.Name == name))
        {
            _findings.Report(DescriptionDiagnostics.DuplicateName, $"Two needs are called '{name}'.", source: reader.PlaceOf("name"));
        }

        needs.Add(need);
    }

    private NeedRequest ReadKind(SectionReader reader, NeedRequest need)
    {
        string[] keys = need.Kind == GrantKind.Channel ? ["protocol", "version", "count"]
            : NeedKinds.HasProtocol(need.Kind) ? ["protocol", "version"]
            : need.Kind is GrantKind.Ports or GrantKind.Slots ? ["count"]
            : need.Kind is GrantKind.Memory or GrantKind.Region or GrantKind.Frames ? ["size_kib"]
            : [];
        foreach (string other in s_keysOfKinds.Where(key => !keys.Contains(key) && reader.Raw(key) is not null))
        {
            _findings.Report(
                DescriptionDiagnostics.KeyOfOtherKind,
                $"A need of kind '{NeedKinds.WordOf(need.Kind)}' has no '{other}'.",
                source: reader.PlaceOf(other));
        }

        return NeedKinds.HasProtocol(need.Kind)
            ? need with
            {
                Protocol = reader.RequiredName("protocol") ?? "",
                Version = (ushort)(reader.RequiredNumber("version", 1, ushort.MaxValue) ?? 0),
                Amount = need.Kind == GrantKind.Channel ? (ulong)(reader.Number("count", 1, ProgramInformation.ManyChannelsMax) ?? 0) : 0,
            }
            : need with { Amount = (ulong)ReadAmount(reader, need.Kind) };
    }

    private long ReadAmount(SectionReader reader, GrantKind kind)
    {
        switch (kind)
        {
            case GrantKind.Ports:
                return reader.RequiredNumber("count", 1, (long)NeedKinds.PortsMax) ?? 0;
            case GrantKind.Slots:
                return reader.RequiredNumber("count", 1, (long)NeedKinds.SlotsMax) ?? 0;
            case GrantKind.Region or GrantKind.Frames:
                return (reader.RequiredNumber("size_kib", PageKib, (long)NeedKinds.RegionBytesMax / BytesOfKib, PageKib) ?? 0) * BytesOfKib;
            case GrantKind.Memory:
                long size = reader.RequiredNumber("size_kib", PageKib, (long)NeedKinds.MemoryBytesMax / BytesOfKib) ?? PageKib;
                if (!BitOperations.IsPow2(size))
                {
                    _findings.Report(
                        DescriptionDiagnostics.OutOfRange,
                        $"'size_kib' is {size}, and memory comes in powers of two.",
                        source: reader.PlaceOf("size_kib"));
                }

                return size * BytesOfKib;
            default:
                return 0;
        }
    }

    /// <summary>The kind is not known: any of the keys may be right.</summary>
    private static NeedRequest SkipKeys(SectionReader reader, NeedRequest need)
    {
        foreach (string key in s_keysOfKinds)
        {
            reader.Raw(key);
        }

        return need;
    }
}
