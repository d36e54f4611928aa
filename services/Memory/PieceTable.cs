using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Memory;

/// <summary>What a piece of memory is.</summary>
public enum PieceState : byte
{
    /// <summary>There is no such piece: its slot is empty.</summary>
    None,

    /// <summary>Nobody has it.</summary>
    Free,

    /// <summary>It is in two halves, which are pieces of their own.</summary>
    Split,

    /// <summary>A client has it.</summary>
    Given,
}

/// <summary>A piece of memory: an untyped in a slot of this server.</summary>
public struct Piece
{
    /// <summary>What it is.</summary>
    public PieceState State;

    /// <summary>log2 of its bytes.</summary>
    public byte Bits;

    /// <summary>Position of the client whose quota it is of.</summary>
    public byte Client;

    /// <summary>The piece that it is a half of; of the first piece of a client itself.</summary>
    public byte Whole;
}

/// <summary>The pieces that quotas are divided into: halves of halves, each an untyped in a slot of its own. A piece that comes back becomes one again with
/// its other half.</summary>
/// <remarks>
/// The first pieces are the clients' quotas, so how one client divides its own is no matter of others: neither memory nor slots are shared.
/// That a piece has come back the kernel tells: an untyped can be reset when nothing is derived from it any more.
/// </remarks>
public struct PieceTable
{
    /// <summary>Most pieces, those in halves included.</summary>
    public const uint Most = 48;

    /// <summary>Stands for no piece.</summary>
    public const uint Nothing = Most;

    private CNodeTable _node;
    private Pieces _pieces;
    private uint _firstSlot;
    private uint _clients;
    private uint _share;

    /// <summary>Makes the first piece of each client.</summary>
    /// <param name="pool">Memory for all of them.</param>
    /// <param name="slots">CNode, and free slots behind it.</param>
    /// <param name="quotas">Of each client.</param>
    /// <returns>False: memory or slots are not enough.</returns>
    public bool Begin(UntypedMemory pool, in GrantRecord slots, in QuotaTable quotas)
    {
        uint count = slots.Argument < Most ? (uint)slots.Argument : Most;
        _node = new CNodeTable(slots.Slot);
        _firstSlot = slots.Slot + 1;
        uint clients = quotas.Count;
        _clients = clients;
        _share = clients == 0 ? 0 : count / clients;
        for (uint client = 0; client < _clients && _share != 0; client++)
        {
            byte bits = quotas[client].Bits;
            if (pool.RetypeAll(CapabilityType.Untyped, _node, Slot(client), bits) != SystemResult.Ok)
            {
                return false;
            }

            _pieces[(int)client] = new Piece { State = PieceState.Free, Bits = bits, Client = (byte)client, Whole = (byte)client };
        }

        return _share != 0 || _clients == 0;
    }

    /// <summary>A piece as a capability.</summary>
    public readonly UntypedMemory Memory(uint piece) => new(Slot(piece));

    /// <summary>Whether a client has a piece.</summary>
    public readonly bool IsGiven(uint client, uint piece) =>
        piece < Most && _pieces[(int)piece].State == PieceState.Given && _pieces[(int)piece].Client == client;

    /// <summary>How much a client has.</summary>
    /// <param name="client">Its position.</param>
    /// <param name="pieces">In how many pieces.</param>
    public readonly ulong Used(uint client, out uint pieces)
    {
        ulong bytes = 0;
        pieces = 0;
        for (uint index = 0; index < Most; index++)
        {
            if (IsGiven(client, index))
            {
                bytes += 1UL << _pieces[(int)index].Bits;
                pieces++;
            }
        }

        return bytes;
    }

    /// <summary>Gives a piece of a client's quota.</summary>
    /// <param name="client">Its position.</param>
    /// <param name="bits">log2 of its bytes.</param>
    /// <param name="hasSlots">False: there would be memory, and there are no slots to divide it.</param>
    /// <returns>The piece; <see cref="Nothing"/>.</returns>
    public uint Give(uint client, uint bits, out bool hasSlots)
    {
        hasSlots = true;
        uint piece = Smallest(client, bits);
        while (piece != Nothing && _pieces[(int)piece].Bits > bits)
        {
            piece = Split(piece);
            hasSlots = piece != Nothing;
        }

        if (piece != Nothing)
        {
            _pieces[(int)piece].State = PieceState.Given;
        }

        return piece;
    }

    /// <summary>Takes a piece back, with everything that was made of it, wherever it is.</summary>
    public void TakeBack(uint piece)
    {
        if (_node.Revoke(Slot(piece)) == SystemResult.Ok && Memory(piece).Reset() == SystemResult.Ok)
        {
            Free(piece);
        }
    }

    /// <summary>Finds the pieces of a client that nobody has any more: it has deleted them, or is dead.</summary>
    public void Collect(uint client)
    {
        for (uint index = 0; index < Most; index++)
        {
            if (IsGiven(client, index) && Memory(index).Reset() == SystemResult.Ok)
            {
                Free(index);
            }
        }
    }

    /// <summary>Takes back all that a client has.</summary>
    public void TakeAll(uint client)
    {
        for (uint index = 0; index < Most; index++)
        {
            if (IsGiven(client, index))
            {
                TakeBack(index);
            }
        }
    }

    private readonly uint Slot(uint piece) => _firstSlot + piece;

    // The smallest free piece that is large enough.
    private readonly uint Smallest(uint client, uint bits)
    {
        uint found = Nothing;
        for (uint index = 0; index < Most; index++)
        {
            ref readonly Piece piece = ref _pieces[(int)index];
            if (piece.State == PieceState.Free && piece.Client == client && piece.Bits >= bits
                && (found == Nothing || piece.Bits < _pieces[(int)found].Bits))
            {
                found = index;
            }
        }

        return found;
    }

    // Returns the first half; nothing when there are no two pieces left for the halves.
    private uint Split(uint whole)
    {
        uint client = _pieces[(int)whole].Client;
        uint first = Unused(client, _clients);
        uint second = Unused(client, first + 1);
        if (second >= Nothing || !TryHalve(whole, first))
        {
            return Nothing;
        }

        if (!TryHalve(whole, second))
        {
            Forget(first);
            _ = Memory(whole).Reset();
            return Nothing;
        }

        _pieces[(int)whole].State = PieceState.Split;
        return first;
    }

    private bool TryHalve(uint whole, uint half)
    {
        byte bits = (byte)(_pieces[(int)whole].Bits - 1);
        if (Memory(whole).RetypeAll(CapabilityType.Untyped, _node, Slot(half), bits) != SystemResult.Ok)
        {
            return false;
        }

        _pieces[(int)half] = new Piece { State = PieceState.Free, Bits = bits, Client = _pieces[(int)whole].Client, Whole = (byte)whole };
        return true;
    }

    // A piece behind some other that is not there, as long as the client has not as many as are its share.
    private readonly uint Unused(uint client, uint from)
    {
        uint used = 0;
        uint found = Nothing;
        for (uint index = 0; index < Most; index++)
        {
            ref readonly Piece piece = ref _pieces[(int)index];
            bool isThere = piece.State != PieceState.None;
            used += isThere && piece.Client == client ? 1u : 0;
            found = !isThere && index >= from && found == Nothing ? index : found;
        }

        return used + 2 <= _share ? found : Nothing;
    }

    // Two free halves are one piece again, as far up as that goes.
    private void Free(uint piece)
    {
        _pieces[(int)piece].State = PieceState.Free;
        uint whole = _pieces[(int)piece].Whole;
        while (whole != piece)
        {
            uint other = OtherHalf(piece, whole);
            if (other == Nothing || _pieces[(int)other].State != PieceState.Free)
            {
                return;
            }

            Forget(piece);
            Forget(other);
            if (Memory(whole).Reset() != SystemResult.Ok)
            {
                return;
            }

            _pieces[(int)whole].State = PieceState.Free;
            piece = whole;
            whole = _pieces[(int)piece].Whole;
        }
    }

    private readonly uint OtherHalf(uint piece, uint whole)
    {
        for (uint index = 0; index < Most; index++)
        {
            ref readonly Piece other = ref _pieces[(int)index];
            if (index != piece && index != whole && other.State != PieceState.None && other.Whole == whole)
            {
                return index;
            }
        }

        return Nothing;
    }

    private void Forget(uint piece)
    {
        _ = _node.Delete(Slot(piece));
        _pieces[(int)piece] = default;
    }

    [InlineArray((int)Most)]
    private struct Pieces
    {
        private Piece _piece0;
    }
}
