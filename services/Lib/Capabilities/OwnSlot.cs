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
