using System.Buffers.Binary;

namespace Atoll.Explorer.Tso;

/// <summary>Builds the canonical bytes of a state: equal states give equal bytes.</summary>
public sealed class StateWriter
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Starts over.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends one byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Appends two bytes.</summary>
    public void Short(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    /// <summary>Appends eight bytes.</summary>
    public void Word(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>Appends bytes whose number the reader knows.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}

/// <summary>Reads what a <see cref="StateWriter"/> wrote, in the same order.</summary>
public ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Takes one byte.</summary>
    public byte Byte() => Raw(1)[0];

    /// <summary>Takes two bytes.</summary>
    public ushort Short() => BinaryPrimitives.ReadUInt16LittleEndian(Raw(2));

    /// <summary>Takes eight bytes.</summary>
    public ulong Word() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));

    /// <summary>Takes so many bytes.</summary>
    public ReadOnlySpan<byte> Raw(int count)
    {
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
