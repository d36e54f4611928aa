using System.Buffers.Binary;
using System.Text;

namespace Atoll.Linker.Binary;

/// <summary>Reads little-endian values from bytes that nobody vouches for.</summary>
/// <remarks>
/// A read past the end sets <see cref="Failed"/> and gives zero, now and ever after: a parser reads a whole structure
/// and asks once. Nothing throws and nothing is allocated but the strings asked for.
/// </remarks>
public ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes of a 64-bit value in LEB128: seven bits each (DWARF 4, 7.6 "Variable Length Data").</summary>
    private const int LebBytesMax = 10;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Whether some read or seek went outside the bytes, or met a value that cannot be.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether nothing is left, or nothing can be read any more.</summary>
    public readonly bool IsAtEnd => Failed || Position >= _bytes.Length;

    /// <summary>Continues at an offset. The end itself is allowed.</summary>
    public void Seek(ulong position)
    {
        if (position > (ulong)_bytes.Length)
        {
            Failed = true;
            return;
        }

        Position = (int)position;
    }

    /// <summary>Next byte.</summary>
    public byte U8() => Take(1) is [byte value] ? value : (byte)0;

    /// <summary>Next 16 bits.</summary>
    public ushort U16() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16LittleEndian(two) : (ushort)0;

    /// <summary>Next 32 bits.</summary>
    public uint U32() => Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32LittleEndian(four) : 0;

    /// <summary>Next 64 bits.</summary>
    public ulong U64() => Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64LittleEndian(eight) : 0;

    /// <summary>Next 64 bits, signed.</summary>
    public long I64() => unchecked((long)U64());

    /// <summary>Next unsigned LEB128 number. One that does not fit 64 bits fails.</summary>
    public ulong Uleb()
    {
        ulong value = 0;
        for (int index = 0; index < LebBytesMax; index++)
        {
            byte next = U8();
            value |= (ulong)(next & 0x7F) << (7 * index);
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    /// <summary>Next signed LEB128 number. One that does not fit 64 bits fails.</summary>
    public long Sleb()
    {
        long value = 0;
        for (int index = 0; index < LebBytesMax; index++)
        {
            byte next = U8();
            int shift = 7 * (index + 1);
            value |= (long)(next & 0x7F) << (7 * index);
            if ((next & 0x80) == 0)
            {
                bool isNegative = (next & 0x40) != 0;
                return isNegative && shift < 64 ? value | (-1L << shift) : value;
            }
        }

        Failed = true;
        return 0;
    }

    /// <summary>Next bytes, without copying; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (Failed || count > (ulong)(_bytes.Length - Position))
        {
            Failed = true;
            return default;
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Text up to a zero byte, which is passed over. A missing zero fails.</summary>
    public string String()
    {
        if (Failed)
        {
            return "";
        }

        int length = _bytes[Position..].IndexOf((byte)0);
        if (length < 0)
        {
            Failed = true;
            return "";
        }

        string text = Encoding.UTF8.GetString(_bytes.Slice(Position, length));
        Position += length + 1;
        return text;
    }
}
