using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Atoll.Linker.Binary;

/// <summary>Writes little-endian values one after the other.</summary>
public sealed class ByteBuilder
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Bytes written so far.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>Appends a byte.</summary>
    public ByteBuilder U8(byte value) => Bytes([value]);

    /// <summary>Appends 16 bits.</summary>
    public ByteBuilder U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(sizeof(ushort)), value);
        return this;
    }

    /// <summary>Appends 32 bits.</summary>
    public ByteBuilder U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        return this;
    }

    /// <summary>Appends 64 bits.</summary>
    public ByteBuilder U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        return this;
    }

    /// <summary>Appends an unsigned LEB128 number (DWARF 4, 7.6 "Variable Length Data").</summary>
    public ByteBuilder Uleb(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            U8((byte)(value | 0x80));
        }

        return U8((byte)value);
    }

    /// <summary>Appends a signed LEB128 number.</summary>
    public ByteBuilder Sleb(long value)
    {
        for (; value is < -0x40 or > 0x3F; value >>= 7)
        {
            U8((byte)(value | 0x80));
        }

        return U8((byte)(value & 0x7F));
    }

    /// <summary>Appends bytes as they are.</summary>
    public ByteBuilder Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Appends text and a zero byte.</summary>
    public ByteBuilder String(string text) => Bytes(Encoding.UTF8.GetBytes(text)).U8(0);

    /// <summary>Appends filler until the length is a multiple of a power of two.</summary>
    public ByteBuilder Align(int alignmentBytes, byte filler = 0)
    {
        while (Length % alignmentBytes != 0)
        {
            U8(filler);
        }

        return this;
    }

    private Span<byte> Reserve(int count)
    {
        Span<byte> reserved = _bytes.GetSpan(count)[..count];
        _bytes.Advance(count);
        return reserved;
    }
}
