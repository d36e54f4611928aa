using System.Text;
using Atoll.Linker.Binary;

namespace Atoll.Linker.Proof.Reading;

/// <summary>One note.</summary>
/// <param name="Owner">Who defines the type.</param>
/// <param name="Type">Type in the owner's numbering.</param>
/// <param name="Content">Bytes, up to the end that the note says.</param>
public sealed record WrittenNote(string Owner, uint Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>The content as a number of 4 or 8 bytes; 0 when it is neither.</summary>
    public ulong Number => Content.Length switch
    {
        sizeof(uint) => BitConverter.ToUInt32(Content.Span),
        sizeof(ulong) => BitConverter.ToUInt64(Content.Span),
        _ => 0,
    };

    /// <summary>Reads notes one behind the other, up to the first that is damaged.</summary>
    /// <remarks>Source: System V ABI, "Note Section".</remarks>
    public static IReadOnlyList<WrittenNote> Read(ReadOnlyMemory<byte> bytes)
    {
        const ulong Word = sizeof(uint);
        List<WrittenNote> notes = [];
        ByteCursor cursor = new(bytes.Span);
        while (!cursor.IsAtEnd)
        {
            (uint ownerBytes, uint contentBytes, uint type) = (cursor.U32(), cursor.U32(), cursor.U32());
            ReadOnlySpan<byte> owner = cursor.Take(Alignment.Up(ownerBytes, Word));
            int content = cursor.Position;
            cursor.Take(Alignment.Up(contentBytes, Word));
            if (!cursor.Failed)
            {
                string name = Encoding.UTF8.GetString(owner).TrimEnd('\0');
                notes.Add(new WrittenNote(name, type, bytes.Slice(content, (int)contentBytes)));
            }
        }

        return notes;
    }
}
