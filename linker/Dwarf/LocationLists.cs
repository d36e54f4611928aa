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

    /// <summary>
    /// Turns the two registers of a span round, and ends each stretch where its value is lost: one in a register that calls change
    /// does not survive the first call, nor what is put there for it.
    /// </summary>
    public void Correct(uint offset, ulong unitAddress, RegisterLives lives)
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
            Span<byte> expression = length <= entry.Length - EntryBytes - sizeof(ushort)
                ? entry.Slice(EntryBytes + sizeof(ushort), length)
                : [];
            if (from < to && LocationExpression.Read(expression) is { } location)
            {
                location.TurnRound(expression);
                (ulong first, ulong last) = unchecked((from + start, to + start));
                ulong firstLoss = LossIn(location.First, first, last, lives);
                ulong loss = location.Second is { } second ? ulong.Min(firstLoss, LossIn(second, first, last, lives)) : firstLoss;

                // The value is still there where the instruction begins, which is where a core stops before it.
                BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], ulong.Min(to, unchecked(loss - start + 1)));
            }

            position += sizeof(ushort) + length;
        }
    }

    private static ulong LossIn(int register, ulong from, ulong to, RegisterLives lives) =>
        RegisterLives.IsKeptByCalls(register) ? to : lives.FirstLossIn(register, from, to);
}
