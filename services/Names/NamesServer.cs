using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Names;

/// <summary>Keeps the endpoints of servers under their names, and gives who asks a capability with the asker's own badge.</summary>
/// <remarks>A server's endpoint is made of its own memory. When it dies the kernel empties the slot here: what is dead cannot be found.</remarks>
public struct NamesServer : INamesServer
{
    private const CapabilityRights CallRights = CapabilityRights.Write | CapabilityRights.Grant | CapabilityRights.GrantReply;

    private NameTable _names;
    private CNodeTable _node;
    private uint _outSlot;
    private uint _firstSlot;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => Deadline.Never;

    /// <summary>Begins. The thread's inbox lies in the first slots.</summary>
    /// <param name="names">Names of the system.</param>
    /// <param name="slots">CNode, and free slots behind it.</param>
    /// <returns>False: there are not enough.</returns>
    public bool Begin(in NameTable names, in GrantRecord slots)
    {
        SlotRow row = Inbox.Open(in slots);
        _names = names;
        _node = new CNodeTable(slots.Slot);
        _outSlot = slots.Slot + 1 + Inbox.Slots;
        _firstSlot = _outSlot + 1;
        return row.Count > names.Count;
    }

    /// <inheritdoc/>
    public NamesAnswer Register(in Caller caller, ReadOnlySpan<byte> name, MessageEndpoint endpoint)
    {
        uint index = _names.Find(name);
        if (index == _names.Count || _names[index].Owner != caller.Badge)
        {
            return NamesAnswer.NotAllowed;
        }

        if (IsAlive(index))
        {
            return NamesAnswer.Taken;
        }

        SystemResult told = _node.DescribeAll((uint)endpoint.Address, out _, out uint rights, out ulong badge);
        bool isUsable = told == SystemResult.Ok && badge == 0 && ((CapabilityRights)rights & CallRights) == CallRights
            && _node.Move(_firstSlot + index, _node, (uint)endpoint.Address) == SystemResult.Ok;
        _names.Set(index, isUsable);
        return isUsable ? NamesAnswer.Done : NamesAnswer.EndpointUnusable;
    }

    /// <inheritdoc/>
    public NamesAnswer Remove(in Caller caller, ReadOnlySpan<byte> name)
    {
        uint index = _names.Find(name);
        if (index == _names.Count || _names[index].Owner != caller.Badge)
        {
            return NamesAnswer.NotAllowed;
        }

        NamesAnswer state = StateOf(index);
        _ = _node.Delete(_firstSlot + index);
        _names.Set(index, isRegistered: false);
        return state;
    }

    /// <inheritdoc/>
    public readonly NamesAnswer Find(in Caller caller, ReadOnlySpan<byte> name, out MessageEndpoint endpoint)
    {
        endpoint = default;
        uint index = _names.Find(name);
        if (index == _names.Count)
        {
            return NamesAnswer.Unknown;
        }

        NamesAnswer state = StateOf(index);
        if (state != NamesAnswer.Done)
        {
            return state;
        }

        // What went out last has arrived, or never will.
        if (_node.Delete(_outSlot) != SystemResult.Ok
            || _node.Mint(_outSlot, _node, _firstSlot + index, CallRights, caller.Badge) != SystemResult.Ok)
        {
            return NamesAnswer.EndpointUnusable;
        }

        endpoint = new MessageEndpoint(_outSlot);
        return NamesAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly NamesAnswer Describe(in Caller caller, uint index, Span<byte> name, out uint length, out ulong owner)
    {
        length = 0;
        owner = 0;
        if (index >= _names.Count)
        {
            return NamesAnswer.Unknown;
        }

        NameEntry entry = _names[index];
        ReadOnlySpan<byte> text = Text.OfName(in entry.Name);
        while (length < text.Length && length < name.Length)
        {
            name[(int)length] = text[(int)length];
            length++;
        }

        owner = entry.Owner;
        return StateOf(index);
    }

    /// <inheritdoc/>
    public readonly void Signalled(ulong bits)
    {
    }

    /// <inheritdoc/>
    public readonly void Elapsed()
    {
    }

    private readonly NamesAnswer StateOf(uint index) =>
        !_names[index].IsRegistered ? NamesAnswer.NotRegistered
        : IsAlive(index) ? NamesAnswer.Done
        : NamesAnswer.ServerGone;

    private readonly bool IsAlive(uint index) =>
        _node.Describe(_firstSlot + index, out CapabilityType type, out _) == SystemResult.Ok && type == CapabilityType.Endpoint;
}
