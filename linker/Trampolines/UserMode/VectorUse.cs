using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>Which vector registers a function can change, with all that it refers to.</summary>
/// <remarks>
/// A set that may be too large: what is only referred to counts as called. The proof finds the set once more, from the
/// calls of the finished image (property <c>user-exits</c>).
/// </remarks>
/// <param name="image">The image; asked once symbols are resolved.</param>
public sealed class VectorUse(LinkImage image)
{
    private const int RegisterCount = 16;

    private readonly Dictionary<Piece, int> _own = [];

    /// <summary>XMM0 to XMM15 as bits 0 to 15.</summary>
    /// <param name="root">Symbol of a function; nothing when nobody defines it: the link fails for that.</param>
    public int Of(string root)
    {
        int used = 0;
        HashSet<Piece> seen = [];
        Queue<Piece> pending = new();
        Add(image.Symbols.Find(root)?.Piece);
        while (pending.TryDequeue(out Piece? piece))
        {
            used |= OwnOf(piece);
            foreach (Reference reference in piece.References)
            {
                Add(reference.Target?.Piece);
            }
        }

        return used;

        void Add(Piece? piece)
        {
            if (piece is ObjectPiece && seen.Add(piece))
            {
                pending.Enqueue(piece);
            }
        }
    }

    private int OwnOf(Piece piece)
    {
        if (!_own.TryGetValue(piece, out int used))
        {
            used = piece is ObjectPiece { Section.IsExecutable: true } code ? UsedIn(code.Bytes) : 0;
            _own.Add(piece, used);
        }

        return used;
    }

    private static int UsedIn(ReadOnlySpan<byte> code)
    {
        int used = 0;
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(code.ToArray()));
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            for (int operand = 0; operand < instruction.OpCount; operand++)
            {
                Register register = instruction.GetOpKind(operand) == OpKind.Register
                    ? instruction.GetOpRegister(operand) : Register.None;
                used |= register.IsXMM() && register.GetNumber() < RegisterCount ? 1 << register.GetNumber() : 0;
            }
        }

        return used;
    }
}
