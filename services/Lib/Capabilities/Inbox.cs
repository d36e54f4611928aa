using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The slots into which others may grant a thread capabilities: as many as a message can carry, one behind the other.</summary>
/// <remarks>
/// The kernel fills the first of them that it is told of, and asks nobody. So nothing else lies there, and whoever receives takes out what it keeps, or drops all,
/// before the next message. Lies behind the thread's message buffer, as its reply objects do.
/// </remarks>
public struct Inbox
{
    /// <summary>Slots of an inbox.</summary>
    public const uint Slots = MessageHeader.CapabilitiesMax;

    private ulong _node;
    private uint _first;
    private uint _holds;

    /// <summary>Whether there is one, and nothing is in it.</summary>
    public readonly bool IsReady => _node != 0 && _holds == 0;

    /// <summary>Opens the inbox of this thread in the first slots of a need of kind <c>slots</c>.</summary>
    /// <param name="slots">What the system gave: a CNode, and how many slots behind it are free.</param>
    /// <returns>The slots that are left.</returns>
    public static SlotRow Open(in GrantRecord slots)
    {
        uint first = slots.Slot + 1;
        uint end = first + (uint)slots.Argument;
        if (slots.Kind != GrantKind.Slots || slots.Argument < Slots)
        {
            return SlotRow.Of(0, 0, 0);
        }

        ThreadBuffer.Inbox = new Inbox { _node = slots.Slot, _first = first };
        return SlotRow.Of(slots.Slot, first + Slots, end);
    }

    /// <summary>From here on the next message may bring capabilities.</summary>
    public readonly void Admit() => ThreadBuffer.Admit(_node, _first);

    /// <summary>So many came.</summary>
    public void Take(uint count) => _holds = count < Slots ? count : Slots;

    /// <summary>What came in a place.</summary>
    /// <param name="index">The place.</param>
    /// <param name="type">The kind that it must have.</param>
    /// <returns>Its address; 0: nothing came there, or something of another kind.</returns>
    public readonly ulong Find(uint index, CapabilityType type) =>
        index < _holds && new CNodeTable(_node).Describe(_first + index, out CapabilityType found, out _) == SystemResult.Ok && found == type
            ? _first + index
            : 0;

    /// <summary>Deletes what came with a message that says something else than was asked.</summary>
    /// <param name="count">How many came.</param>
    public void Refuse(uint count)
    {
        Take(count);
        Drop();
    }

    /// <summary>Deletes what nobody took out.</summary>
    public void Drop()
    {
        for (uint index = 0; index < _holds; index++)
        {
            // One that was taken out is gone already, which is Ok as well.
            _ = new CNodeTable(_node).Delete(_first + index);
        }

        _holds = 0;
    }
}
