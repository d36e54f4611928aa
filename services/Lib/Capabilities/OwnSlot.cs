using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A slot of the program's own CNode that is this program's to fill: one owner, and what is in it goes with it.</summary>
[Linear]
public struct OwnSlot
{
    private readonly ulong _node;
    private readonly uint _index;
    private bool _isFull;

    private OwnSlot(ulong node, uint index)
    {
        _node = node;
        _index = index;
        _isFull = false;
    }

    /// <summary>Whether it holds a capability.</summary>
    public readonly bool IsFull => _isFull;

    /// <summary>Whether a capability can come into it.</summary>
    public readonly bool IsEmpty => !_isFull && _index != 0;

    /// <summary>Address of what it holds; 0: nothing.</summary>
    public readonly ulong Address => _isFull ? _index : 0;

    /// <summary>Takes a capability over that lies elsewhere in the same CNode.</summary>
    /// <param name="from">Its slot; 0: none, and the slot stays as it is.</param>
    /// <returns>Its address from now on; 0: it could not be moved.</returns>
    public ulong Keep(ulong from)
    {
        if (from == 0 || !IsEmpty)
        {
            return 0;
        }

        CNodeTable node = new(_node);
        _isFull = node.Move(_index, node, (uint)from) == SystemResult.Ok;
        return Address;
    }

    /// <summary>Makes an object in it.</summary>
    /// <param name="memory">What it is made of.</param>
    /// <param name="type">What.</param>
    /// <param name="sizeBits">As in <see cref="RetypeRequest"/>.</param>
    /// <returns>SlotOccupied: it holds something.</returns>
    public SystemResult Make(UntypedMemory memory, CapabilityType type, byte sizeBits = 0)
    {
        if (!IsEmpty)
        {
            return SystemResult.SlotOccupied;
        }

        SystemResult result = memory.RetypeAll(type, new CNodeTable(_node), _index, sizeBits);
        _isFull = result == SystemResult.Ok;
        return result;
    }

    /// <summary>Takes a copy of what another slot of the same CNode holds, with a badge.</summary>
    /// <param name="from">An endpoint or notification without one.</param>
    /// <param name="rights">The most that the copy may do.</param>
    /// <param name="badge">The badge.</param>
    public SystemResult Mint(ref readonly OwnSlot from, CapabilityRights rights, ulong badge)
    {
        if (!IsEmpty)
        {
            return SystemResult.SlotOccupied;
        }

        CNodeTable node = new(_node);
        SystemResult result = node.Mint(_index, node, from._index, rights, badge);
        _isFull = result == SystemResult.Ok;
        return result;
    }

    /// <summary>Takes what the other end of a channel has given.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>WouldBlock: nothing was. SlotOccupied: it holds something.</returns>
    public SystemResult Accept(ChannelControl channel)
    {
        if (!IsEmpty)
        {
            return SystemResult.SlotOccupied;
        }

        SystemResult result = channel.Accept(new CNodeTable(_node), _index);
        _isFull = result == SystemResult.Ok;
        return result;
    }

    /// <summary>Deletes everything that was derived from what it holds, wherever it is. Waits until kernels of other cores have let go.</summary>
    public readonly SystemResult Revoke() => new CNodeTable(_node).Revoke(_index);

    /// <summary>Looks whether what it holds is still there: whoever gave it may have revoked it.</summary>
    /// <returns>Whether it is.</returns>
    public bool Look()
    {
        _isFull &= new CNodeTable(_node).Describe(_index, out CapabilityType type, out _) == SystemResult.Ok && type != CapabilityType.Null;
        return _isFull;
    }

    /// <summary>Says whether what it holds is there still, and of a kind.</summary>
    public readonly bool Holds(CapabilityType type) =>
        _isFull && new CNodeTable(_node).Describe(_index, out CapabilityType found, out _) == SystemResult.Ok && found == type;

    /// <summary>Deletes what it holds.</summary>
    public void Clear()
    {
        Delete();
        _isFull = false;
    }

    /// <summary>Deletes what it holds, and the slot is nobody's.</summary>
    [Consumes]
    public readonly void Free() => Delete();

    /// <summary>The slot stays as it is, with what is in it, for as long as the program lives.</summary>
    [Consumes]
    public readonly void Leave()
    {
    }

    /// <summary>A slot that nobody else has.</summary>
    internal static OwnSlot Of(ulong node, uint index) => new(node, index);

    private readonly void Delete()
    {
        if (_isFull)
        {
            _ = new CNodeTable(_node).Delete(_index);
        }
    }
}

/// <summary>Free slots of the program's own CNode, one behind the other.</summary>
[NonCopyable]
public struct SlotRow
{
    private readonly ulong _node;
    private readonly uint _end;
    private uint _next;

    private SlotRow(ulong node, uint first, uint end)
    {
        _node = node;
        _next = first;
        _end = end;
    }

    /// <summary>How many are left.</summary>
    public readonly uint Count => _end - _next;

    /// <summary>Takes one.</summary>
    /// <returns>When none is left, one that nothing can come into.</returns>
    public OwnSlot Take() => OwnSlot.Of(_node, _next == _end ? 0 : _next++);

    internal static SlotRow Of(ulong node, uint first, uint end) => new(node, first, end);
}
