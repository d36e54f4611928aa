using System.Globalization;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Proof.Reading;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Passes;

/// <summary>Writes the note of claims: what the authors of kept fragments declare, by name and final address.</summary>
/// <remarks>Before: addresses are final. The note is for the proof and for people; no loader loads it.</remarks>
public static class EmitClaims
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        List<string> stacks = image.Request.Profile.IsProgram ? [ImageClaims.Program] : [];
        List<string> claims = [];
        foreach (FragmentPiece piece in image.Fragments.Where(piece => piece.IsKept))
        {
            CodeClaims declared = piece.Fragment.Claims(new FragmentContext(image, piece));
            stacks.AddRange(declared.Stacks.Select(stack => Line($"stack {stack.Name} {stack.Low:x} {stack.High:x}")));
            claims.AddRange(Lines(piece, declared));
        }

        foreach (ObjectPiece piece in image.Objects.SelectMany(input => input.Pieces).Where(piece => piece.IsKept))
        {
            claims.AddRange(piece.InlinedStubs.Where(site => site.Stub.Privileged.Count > 0).Select(site =>
                Line($"site {piece.Address + site.Offset:x} {site.Stub.Name} {string.Join(' ', site.Stub.Privileged)}")));
        }

        byte[] note = NoteWriter.Write(ImageClaims.Owner, ImageClaims.NoteType, stacks.Concat(claims));
        image.DebugSections.Add(new DebugSection(ImageClaims.SectionName, note, ElfNative.SHT_NOTE, sizeof(uint)));
    }

    private static IEnumerable<string> Lines(FragmentPiece piece, CodeClaims claims)
    {
        if (piece.Fragment is CodeFragment { Bitness: not 64 } code)
        {
            yield return Line($"mode {piece.Name} {code.Bitness}");
        }

        if (claims.Privileged.Count > 0)
        {
            yield return $"privileged {piece.Name} {string.Join(' ', claims.Privileged)}";
        }

        if (claims.IsEntry)
        {
            yield return $"entry {piece.Name} {claims.EntryStack ?? ImageClaims.NoStack}";
        }

        if (claims.IsUserEntry)
        {
            yield return $"user-entry {piece.Name}";
        }

        if (claims.LeavesForUser)
        {
            yield return $"user-exit {piece.Name}";
        }

        if (claims.AbandonsStack)
        {
            yield return $"abandons-stack {piece.Name}";
        }

        if (claims.JumpsAnywhere)
        {
            yield return $"jumps-anywhere {piece.Name}";
        }

        if (claims.ExhaustsStack)
        {
            yield return $"exhausts-stack {piece.Name}";
        }

        if (claims.Traps is { } traps)
        {
            yield return Line($"traps {piece.Name} {traps.TaskState} {traps.Nested}");
        }

        foreach (string line in claims.Copied.SelectMany(copied => Lines(piece, copied)))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Lines(FragmentPiece piece, CopiedCode copied)
    {
        ulong address = piece.Address + (ulong)copied.OffsetBytes;
        yield return Line($"copied {copied.Name} {copied.Bitness} {address:x} {copied.SizeBytes:x} {copied.RunsAt:x}");
        if (copied.Privileged.Count > 0)
        {
            yield return $"privileged {copied.Name} {string.Join(' ', copied.Privileged)}";
        }

        if (copied.IsEntry)
        {
            yield return $"entry {copied.Name} {ImageClaims.NoStack}";
        }
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
