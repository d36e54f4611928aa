using System.Buffers.Binary;
using System.Text;
using Atoll.Linker.Binary;

namespace Atoll.Linker.Proof.Reading;

/// <summary>One note.</summary>
/// <param name="Owner">Who defines the type.</param>
/// <param name="Type">Type in the owner's numbering.</param>
/// <param name="Content">Bytes, up to the end that the note says.</param>
public sealed record WrittenNote(string Owner, uint Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>Owner and content are filled up to this.</summary>
    public const ulong AlignmentBytes = sizeof(uint);

    /// <summary>What a loader takes for a number of 32 bits: the first bytes. 0 when there are fewer.</summary>
    public uint Number => Content.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(Content.Span) : 0;

    /// <summary>Reads notes one behind the other, up to the first that is cut off.</summary>
    /// <param name="bytes">Untrusted.</param>
    /// <param name="isWhole">Whether every reader would find the same: all is notes up to the last byte, each owner ends
    /// in its one zero, and what fills up is zero.</param>
    /// <remarks>Source: System V ABI, "Note Section".</remarks>
    public static IReadOnlyList<WrittenNote> Read(ReadOnlyMemory<byte> bytes, out bool isWhole)
    {
        List<WrittenNote> notes = [];
        ByteCursor cursor = new(bytes.Span);
        isWhole = true;
        while (!cursor.IsAtEnd)
        {
            (uint ownerBytes, uint contentBytes, uint type) = (cursor.U32(), cursor.U32(), cursor.U32());
            ReadOnlySpan<byte> owner = cursor.Take(Alignment.Up(ownerBytes, AlignmentBytes));
            int start = cursor.Position;
            ReadOnlySpan<byte> content = cursor.Take(Alignment.Up(contentBytes, AlignmentBytes));
            if (cursor.Failed)
            {
                isWhole = false;
                break;
            }

            string name = Encoding.UTF8.GetString(owner).TrimEnd('\0');
            int end = owner.IndexOf((byte)0);
            isWhole &= end + 1 == (int)ownerBytes && !owner[(int)ownerBytes..].ContainsAnyExcept((byte)0)
                && !content[(int)contentBytes..].ContainsAnyExcept((byte)0);
            notes.Add(new WrittenNote(name, type, bytes.Slice(start, (int)contentBytes)));
        }

        return notes;
    }
}
