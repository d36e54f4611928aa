using Atoll.Linker.Binary;

namespace Atoll.Linker.Elf;

/// <summary>A string table under construction: each text once, offset 0 is the empty text.</summary>
internal sealed class StringTable
{
    private readonly ByteBuilder _bytes = new ByteBuilder().U8(0);
    private readonly Dictionary<string, uint> _offsets = new() { [""] = 0 };

    public uint Add(string text)
    {
        if (!_offsets.TryGetValue(text, out uint offset))
        {
            offset = (uint)_bytes.Length;
            _offsets.Add(text, offset);
            _bytes.String(text);
        }

        return offset;
    }

    public byte[] ToArray() => _bytes.ToArray();
}
