using System.Buffers.Binary;

namespace Atoll.Linker.Dwarf;

/// <summary>Location lists of an object, relocated (DWARF 4, 2.6.2 "Location Lists").</summary>
internal sealed class LocationLists(byte[] lists)
{
    private const int EntryBytes = 2 * sizeof(ulong);

    // Lists lie apart: who goes through more bytes than there are has gone through some again.
    private long _bytesLeft = lists.Length;

    /// <summary>Bytes of all lists.</summary>
    public int SizeBytes => lists.Length;

    /// <summary>A value in a register that calls change does not survive the first one.</summary>
    public void Cut(uint offset, ulong unitAddress, RegisterLives lives)
    {
        ulong start = unitAddress;
        int position = (int)uint.Min(offset, (uint)lists.Length);
        while (lists.Length - position >= EntryBytes && _bytesLeft > 0)
        {
            Span<byte> entry = lists.AsSpan(position);
            ulong from = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            ulong to = BinaryPrimitives.ReadUInt64LittleEndian(entry[sizeof(ulong)..]);
            if (from == 0 && to == 0)
            {
                break;
            }

            _bytesLeft -= EntryBytes;
            position += EntryBytes;
            if (from == ulong.MaxValue)
            {
                start = to;
                continue;
            }

            int length = entry.Length > EntryBytes + 1 ? BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryBytes..]) : 0;
            ReadOnlySpan<byte> expression = length <= entry.Length - EntryBytes - sizeof(ushort)
                ? entry.Slice(EntryBytes + sizeof(ushort), length)
                : [];
            if (from < to && LocationExpression.Read(expression) is { } location && !IsKeptByCalls(location))
            {
                ulong call = lives.FirstCallIn(unchecked(from + start), unchecked(to + start));
                ulong end = unchecked(call - start + 1);
                BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], ulong.Min(to, end));
            }

            position += sizeof(ushort) + length;
        }
    }

    private static bool IsKeptByCalls(LocationExpression location) => RegisterLives.IsKeptByCalls(location.First)
        && (location.Second is not { } second || RegisterLives.IsKeptByCalls(second));
}
