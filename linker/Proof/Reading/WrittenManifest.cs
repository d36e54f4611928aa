using System.Runtime.InteropServices;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Manifests;
using Atoll.Linker.Profiles;

namespace Atoll.Linker.Proof.Reading;

/// <summary>Reads the content of a program's note.</summary>
public static class WrittenManifest
{
    // ProgramNeed: between ProtocolVersion and Amount.
    private const int ReservedOffset = 68;
    private const int AmountOffset = 72;

    /// <summary>Reads what nobody vouches for, and compares every byte.</summary>
    /// <param name="content">The note's content.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="manifest">Its head, as it is.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> content, out ProgramRequest request, out ProgramManifest manifest)
    {
        request = new ProgramRequest("", 0);
        manifest = default;
        if (content.Length < ProgramManifest.SizeBytes)
        {
            return $"has {content.Length} bytes, of at least {ProgramManifest.SizeBytes}";
        }

        manifest = MemoryMarshal.Read<ProgramManifest>(content);
        string name = NameOf(manifest.Name);
        string? wrong = manifest.Version != ProgramManifest.VersionValue ? $"has version {manifest.Version}"
            : manifest.NeedCount > ProgramInformation.GrantsMax ? $"says that it has {manifest.NeedCount} needs"
            : content.Length != SizeOf((int)manifest.NeedCount)
                ? $"has {content.Length} bytes in place of {SizeOf((int)manifest.NeedCount)}"
            : manifest.Replies is 0 or > ProgramRequest.RepliesMax ? $"asks for {manifest.Replies} replies"
            : !IsGood(manifest.Name) ? $"has the name '{name}'"
            : null;
        if (wrong is not null)
        {
            return wrong;
        }

        List<NeedRequest> needs = [];
        for (int i = 0; wrong is null && i < (int)manifest.NeedCount; i++)
        {
            wrong = ReadNeed(content.Slice(SizeOf(i), ProgramNeed.SizeBytes), needs);
        }

        request = new ProgramRequest(name, manifest.StackBytes, manifest.Base) { Replies = manifest.Replies, Needs = needs };
        return wrong;
    }

    private static string? ReadNeed(ReadOnlySpan<byte> bytes, List<NeedRequest> needs)
    {
        ProgramNeed need = MemoryMarshal.Read<ProgramNeed>(bytes);
        string name = NameOf(need.Name);
        bool speaks = NeedKinds.HasProtocol(need.Kind);
        string? wrong = !IsGood(need.Name) ? "has no good name"
            : needs.Exists(other => other.Name == name) ? "has the name of another"
            : !NeedKinds.IsKind(need.Kind) ? $"has the kind {(byte)need.Kind}"
            : need.IsOptional > 1 ? $"is optional by {need.IsOptional}"
            : speaks ? (IsGood(need.Protocol) && need.ProtocolVersion > 0 ? null : "has no protocol, or no version of it")
            : need.ProtocolVersion != 0 || ((ReadOnlySpan<byte>)need.Protocol).ContainsAnyExcept((byte)0) ? "has a protocol"
            : null;
        wrong ??= !NeedKinds.IsAmount(need.Kind, need.Amount) ? $"asks for 0x{need.Amount:x}"
            : bytes[ReservedOffset..AmountOffset].ContainsAnyExcept((byte)0) ? "has something where nothing is"
            : null;
        needs.Add(new NeedRequest(
            name, need.Kind, NameOf(need.Protocol), need.ProtocolVersion, need.IsOptional == 1, need.Amount));
        return wrong is null ? null : $"has a need {needs.Count - 1} ('{name}') that {wrong}";
    }

    private static int SizeOf(int needs) => ProgramManifest.SizeBytes + (needs * ProgramNeed.SizeBytes);

    private static string NameOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name).TrimEnd('\0');

    /// <summary>A good name, and behind it zeros only.</summary>
    private static bool IsGood(ReadOnlySpan<byte> bytes) => BundleName.IsGood(NameOf(bytes)) && bytes[^1] == 0;
}
