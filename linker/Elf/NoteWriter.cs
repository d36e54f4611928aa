using Atoll.Linker.Binary;

namespace Atoll.Linker.Elf;

/// <summary>Writes notes whose content is text.</summary>
public static class NoteWriter
{
    /// <summary>The note: three words, the owner, the lines, both padded to whole words.</summary>
    /// <remarks>Source: System V ABI, "Note Section".</remarks>
    public static byte[] Write(string owner, uint type, IEnumerable<string> lines)
    {
        byte[] content = System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        return new ByteBuilder()
            .U32((uint)owner.Length + 1).U32((uint)content.Length).U32(type)
            .String(owner).Align(sizeof(uint)).Bytes(content).Align(sizeof(uint)).ToArray();
    }
}
