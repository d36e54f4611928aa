using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>The memory of all devices, in pieces that follow one another. What lies at an address is cut out of it, once, from low addresses to high ones.</summary>
/// <remarks>Memory is given from its beginning on. What lies before is made one thing of, and that is deleted: so it takes no slot, and is lost until the piece is
/// reset.</remarks>
public struct DevicePieces
{
    private Pieces _pieces;
    private CNodeTable _node;
    private uint _scratch;
    private uint _count;

    /// <summary>Begins.</summary>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="devices">A need of kind <c>devices</c>.</param>
    /// <param name="scratch">An empty slot.</param>
    public void Begin(CNodeTable node, in GrantRecord devices, uint scratch)
    {
        _node = node;
        _scratch = scratch;
        ulong at = devices.Badge;
        for (uint piece = 0; piece < devices.Argument && piece < DeviceSlots.PiecesMax; piece++)
        {
            uint slot = devices.Slot + 1 + piece;
            if (node.DescribeSize(slot, out uint bits, out _) != SystemResult.Ok || bits > ObjectSize.UntypedBitsMax)
            {
                return;
            }

            _pieces[(int)_count++] = new Piece { Slot = slot, Next = at, End = at + (1UL << (int)bits) };
            at += 1UL << (int)bits;
        }
    }

    /// <summary>Cuts memory out.</summary>
    /// <param name="address">Physical address, a multiple of the size. Not below what was cut out before.</param>
    /// <param name="bits">log2 of its bytes: a page at least.</param>
    /// <param name="slot">An empty slot for it.</param>
    /// <returns>False: it is no memory of devices, or was cut out already.</returns>
    public bool TryTake(ulong address, byte bits, uint slot)
    {
        for (uint index = 0; index < _count; index++)
        {
            ref Piece piece = ref _pieces[(int)index];
            if (address >= piece.Next && address < piece.End)
            {
                return piece.End - address >= 1UL << bits && SkipTo(ref piece, address) && Make(ref piece, bits, slot);
            }
        }

        return false;
    }

    private readonly bool SkipTo(ref Piece piece, ulong address)
    {
        while (piece.Next != address)
        {
            // The greatest power of two that fits, and that the address is a multiple of.
            int bits = 63 - BitOperations.LeadingZeroCount(address - piece.Next);
            int aligned = BitOperations.TrailingZeroCount(piece.Next);
            bits = aligned < bits ? aligned : bits;
            if (!Make(ref piece, (byte)bits, _scratch) || _node.Delete(_scratch) != SystemResult.Ok)
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Make(ref Piece piece, byte bits, uint slot)
    {
        if (new UntypedMemory(piece.Slot).RetypeAll(CapabilityType.Untyped, _node, slot, bits) != SystemResult.Ok)
        {
            return false;
        }

        piece.Next += 1UL << bits;
        return true;
    }

    private struct Piece
    {
        internal uint Slot;
        internal ulong Next;
        internal ulong End;
    }

    [InlineArray((int)DeviceSlots.PiecesMax)]
    private struct Pieces
    {
        private Piece _piece0;
    }
}
