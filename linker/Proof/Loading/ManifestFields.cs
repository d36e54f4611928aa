using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Loading;

/// <summary>Every field of a program's manifest says what the headers and the claims say.</summary>
internal static class ManifestFields
{
    /// <summary>What is wrong with a manifest; null when nothing is.</summary>
    public static string? WhatIsWrong(ProofContext proof, ReadOnlyMemory<byte> content)
    {
        string? unreadable = WrittenManifest.Read(content.Span, out _, out ProgramManifest manifest);
        if (unreadable is not null)
        {
            return unreadable;
        }

        ulong first = proof.Image.Loads.Min(load => (ulong?)load.Address) ?? 0;
        ulong end = proof.Image.Loads.Max(load => (ulong?)Alignment.Up(load.Address + load.MemoryBytes, ImageLayout.PageSizeBytes)) ?? 0;
        return manifest.Base != first ? $"has the base 0x{manifest.Base:x} in place of 0x{first:x}"
            : manifest.End != end ? $"has the end 0x{manifest.End:x} in place of 0x{end:x}"
            : end - first > ProgramManifest.SizeMax ? $"takes 0x{end - first:x} bytes, of at most 0x{ProgramManifest.SizeMax:x}"
            : manifest.Entry != proof.Image.Header.Entry
                ? $"has the entry 0x{manifest.Entry:x} in place of 0x{proof.Image.Header.Entry:x}"
            : !IsStackClaimed(proof.Claims, manifest.StackBytes) ? $"has 0x{manifest.StackBytes:x} bytes of stack, which are not claimed"
            : null;
    }

    /// <summary>One stack, from 0 on: where it lies is the loader's choice.</summary>
    private static bool IsStackClaimed(ImageClaims claims, uint stackBytes) =>
        stackBytes is > 0 and <= ProgramManifest.StackBytesMax
        && stackBytes % ImageLayout.PageSizeBytes == 0
        && claims.Stacks is [{ Low: 0 } stack] && stack.SizeBytes == stackBytes;
}
