using System.Runtime.InteropServices;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Bundle;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Every field of a program's manifest says what the headers and the claims say.</summary>
internal static class ManifestFields
{
    /// <summary>What is wrong with a manifest; null when nothing is.</summary>
    public static string? WhatIsWrong(ProofContext proof, ReadOnlyMemory<byte> content)
    {
        if (content.Length != ProgramManifest.SizeBytes)
        {
            return $"has {content.Length} bytes in place of {ProgramManifest.SizeBytes}";
        }

        ProgramManifest manifest = MemoryMarshal.Read<ProgramManifest>(content.Span);
        ulong first = proof.Image.Loads.Min(load => (ulong?)load.Address) ?? 0;
        ulong end = proof.Image.Loads.Max(load => (ulong?)Alignment.Up(load.Address + load.MemoryBytes, ImageLayout.PageSizeBytes)) ?? 0;
        string name = Encoding.UTF8.GetString(manifest.Name).TrimEnd('\0');
        return manifest.Version != ProgramManifest.VersionValue ? $"has version {manifest.Version}"
            : manifest.Base != first ? $"has the base 0x{manifest.Base:x} in place of 0x{first:x}"
            : manifest.End != end ? $"has the end 0x{manifest.End:x} in place of 0x{end:x}"
            : end - first > ProgramManifest.SizeMax ? $"takes 0x{end - first:x} bytes, of at most 0x{ProgramManifest.SizeMax:x}"
            : manifest.Entry != proof.Image.Header.Entry
                ? $"has the entry 0x{manifest.Entry:x} in place of 0x{proof.Image.Header.Entry:x}"
            : !IsStackClaimed(proof.Claims, manifest.StackBytes) ? $"has 0x{manifest.StackBytes:x} bytes of stack, which are not claimed"
            : !BundleName.IsGood(name) ? $"has the name '{name}'"
            : null;
    }

    /// <summary>One stack, from 0 on: where it lies is the loader's choice.</summary>
    private static bool IsStackClaimed(ImageClaims claims, uint stackBytes) =>
        stackBytes is > 0 and <= ProgramManifest.StackBytesMax
        && stackBytes % ImageLayout.PageSizeBytes == 0
        && claims.Stacks is [{ Low: 0 } stack] && stack.SizeBytes == stackBytes;
}
