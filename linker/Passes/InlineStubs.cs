using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;
using Iced.Intel;

namespace Atoll.Linker.Passes;

/// <summary>Puts the instructions of short stubs in the place of their calls: no call, no return, no stub.</summary>
/// <remarks>
/// Before: every reference between pieces is a relocation. After: a five-byte CALL of such a stub is its instructions
/// and a NOP for the
/// rest. The piece's length, line table and call frame information stay as they are. Whoever takes a stub's address, or
/// jumps to it,
/// keeps the stub: a jump stands behind the POPs of an epilogue, where the compiler's call frame information is wrong,
/// and an
/// interrupt or a fault there could not be traced back.
/// A trap that a program calls (<see cref="LeafStub.IsTrap"/>) does not do the same elsewhere: it faults there, which is what it is for.
/// </remarks>
public static class InlineStubs
{
    /// <summary>NOPs by length (Intel SDM Vol. 2B, "NOP": recommended multi-byte sequences).</summary>
    private static readonly byte[][] s_nops =
    [
        [], [0x90], [0x66, 0x90], [0x0F, 0x1F, 0x00], [0x0F, 0x1F, 0x40, 0x00],
    ];

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        Dictionary<Piece, LeafStub> stubs = image.Fragments
            .Where(piece => piece.Fragment is LeafStub { Inline: not null })
            .ToDictionary(Piece (piece) => piece, piece => (LeafStub)piece.Fragment);
        foreach (ObjectPiece piece in image.Objects.SelectMany(input => input.Pieces))
        {
            if (piece.Section.IsExecutable && piece.References.Any(reference => Find(stubs, reference.Target) is not null))
            {
                Inline(piece, stubs);
            }
        }
    }

    private static void Inline(ObjectPiece piece, Dictionary<Piece, LeafStub> stubs)
    {
        ILookup<ulong, ElfRelocation> relocations =
            piece.Relocations.ToLookup(relocation => relocation.Offset - piece.Offset);
        HashSet<ElfRelocation> done = [];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(piece.Bytes.ToArray()));
        while (decoder.IP < piece.SizeBytes)
        {
            Instruction call = decoder.Decode();
            bool isCall = call.Code == Code.Call_rel32_64 && call.Length == InlineBody.CallBytes;
            if (isCall && relocations[call.IP + 1].ToArray() is [var relocation]
                && StubOf(piece, relocation, stubs) is { } stub)
            {
                byte[] body = stub.Inline!;
                done.Add(relocation);
                piece.InlinedStubs.Add(
                    new InlinedStub(call.IP, [.. body, .. s_nops[InlineBody.CallBytes - body.Length]], stub));
            }
        }

        piece.Relocations.RemoveAll(done.Contains);
    }

    /// <summary>The stub that a call leads to the very start of.</summary>
    private static LeafStub? StubOf(ObjectPiece piece, ElfRelocation relocation, Dictionary<Piece, LeafStub> stubs) =>
        relocation.Type is ElfNative.R_X86_64_PC32 or ElfNative.R_X86_64_PLT32
        && piece.Input.AddendOf(relocation) == -sizeof(int)
            ? Find(stubs, piece.Input.Resolve(relocation))
            : null;

    private static LeafStub? Find(Dictionary<Piece, LeafStub> stubs, Definition? target) =>
        target is { Offset: 0, Piece: { } piece } ? stubs.GetValueOrDefault(piece) : null;
}
