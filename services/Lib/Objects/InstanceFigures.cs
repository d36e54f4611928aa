using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The kernel's figures, and the end of the machine.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct InstanceFigures(ulong address)
{
    /// <summary>Reads a figure.</summary>
    public SystemResult Read(InstanceFigure figure, out ulong value) =>
        Operation.Ask(address, (ulong)InstanceControlOperation.Figure, out value, (ulong)figure);

    /// <summary>Makes an end of a channel, for who may grant.</summary>
    /// <param name="peer">Core of the other end.</param>
    /// <param name="name">What both ends call it.</param>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    public SystemResult Connect(uint peer, ulong name, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)InstanceControlOperation.Connect, peer, name, into.Address, index);

    /// <summary>Tells what an end of a channel of this core is called, for who may grant.</summary>
    /// <param name="number">Which: <see cref="ChannelControl.ReadNumber"/>.</param>
    /// <param name="name">The name that it was made with; 0: no capability leads to such an end.</param>
    public SystemResult NameOfEnd(uint number, out ulong name) =>
        Operation.Ask(address, (ulong)InstanceControlOperation.NameOfEnd, out name, number);

    /// <summary>Tells of the instance of a core; on the coordinator's core only.</summary>
    public SystemResult Member(uint core, out MemberFigures member)
    {
        Message message = Message.Of((ulong)InstanceControlOperation.Member, MessageHeader.RegisterWords, core);
        SystemResult result = Ipc.Call(address, ref message);
        member = new MemberFigures(new MemberCondition(message.Word0), message.Word1, message.Word2, message.Word3);
        return result;
    }

    /// <summary>Tells when the state of an instance changed last, and what was noted with the last order; on the coordinator's core only.</summary>
    public SystemResult History(uint core, out MemberHistory history)
    {
        Message message = Message.Of((ulong)InstanceControlOperation.History, MessageHeader.RegisterWords, core);
        SystemResult result = Ipc.Call(address, ref message);
        history = new MemberHistory(message.Word0, message.Word1, message.Word2, message.Word3);
        return result;
    }

    /// <summary>Orders a step for another core, for who may read and grant; on the coordinator's core only. It is taken soon afterwards.</summary>
    /// <param name="core">Which, but not the first.</param>
    /// <param name="order">The step.</param>
    /// <param name="note0">Kept with the core: <see cref="MemberHistory.Note0"/>.</param>
    /// <param name="note1">The same: <see cref="MemberHistory.Note1"/>.</param>
    public SystemResult Order(uint core, MemberOrder order, ulong note0, ulong note1) =>
        Operation.Do(address, (ulong)InstanceControlOperation.Order, core, (ulong)order, note0, note1);

    /// <summary>Has a notification signalled from now on when the state of an instance has changed, for who may read and grant; on the coordinator's core only.</summary>
    public SystemResult Watch(ulong notification) => Operation.Do(address, (ulong)InstanceControlOperation.Watch, notification);

    /// <summary>Ends the run of the machine, for who may write.</summary>
    public SystemResult End(bool passed) => Operation.Do(address, (ulong)InstanceControlOperation.End, passed ? 1UL : 0);
}

/// <summary>What the coordinator's kernel knows of the instance of a core.</summary>
/// <param name="condition">Where it is in its life, and why.</param>
/// <param name="life">Which of the core's it is, from 1.</param>
/// <param name="heartbeat">Turns of its event loop, as seen last; 0 for the coordinator itself, which nobody watches.</param>
/// <param name="bytes">Memory that it has.</param>
public readonly struct MemberFigures(MemberCondition condition, ulong life, ulong heartbeat, ulong bytes)
{
    /// <summary>Where it is in its life.</summary>
    public MemberState State => condition.State;

    /// <summary>Why.</summary>
    public MemberCause Cause => condition.Cause;

    /// <summary>Which of the core's it is, from 1.</summary>
    public ulong Life => life;

    /// <summary>Turns of its event loop.</summary>
    public ulong Heartbeat => heartbeat;

    /// <summary>Memory that it has.</summary>
    public ulong Bytes => bytes;
}
