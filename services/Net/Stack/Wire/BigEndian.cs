using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Numbers in network byte order. The caller has compared offset and size with the length.</summary>
internal static class BigEndian
{
    public static ushort ReadUInt16(ReadOnlySpan<byte> from, int offset) => (ushort)((from[offset] << 8) | from[offset + 1]);

    public static uint ReadUInt32(ReadOnlySpan<byte> from, int offset) =>
        ((uint)ReadUInt16(from, offset) << 16) | ReadUInt16(from, offset + 2);

    public static void WriteUInt16(Span<byte> to, int offset, int value)
    {
        to[offset] = (byte)(value >> 8);
        to[offset + 1] = (byte)value;
    }

    public static void WriteUInt32(Span<byte> to, int offset, uint value)
    {
        WriteUInt16(to, offset, (int)(value >> 16));
        WriteUInt16(to, offset + 2, (int)(value & 0xFFFF));
    }
}
