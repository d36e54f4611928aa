using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory without objects.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Untyped)]
public readonly struct UntypedMemory(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Makes objects into consecutive slots of a CNode.</summary>
    public SystemResult Retype(CapabilityType type, CNodeTable into, uint index, byte sizeBits = 0, uint count = 1) =>
        Operation.Do(address, (ulong)UntypedOperation.Retype, RetypeRequest.Of(type, sizeBits, count).Raw, into.Address, index);

    /// <summary>Makes objects, however long the zeroing takes.</summary>
    public SystemResult RetypeAll(CapabilityType type, CNodeTable into, uint index, byte sizeBits = 0, uint count = 1)
    {
        SystemResult result = Retype(type, into, index, sizeBits, count);
        while (result == SystemResult.Again)
        {
            result = Retype(type, into, index, sizeBits, count);
        }

        return result;
    }

    /// <summary>Makes the memory free again; all objects in it must be gone.</summary>
    public SystemResult Reset() => Operation.DoAll(address, (ulong)UntypedOperation.Reset);
}

/// <summary>A table of slots.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.CNode)]
public readonly struct CNodeTable(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Copies a capability of another table here, with at most these rights.</summary>
    public SystemResult Copy(uint index, CNodeTable from, uint fromIndex, CapabilityRights rights = CapabilityRights.All) =>
        Operation.Do(address, (ulong)CNodeOperation.Copy, Pair(index, fromIndex), from.Address, (ulong)rights);

    /// <summary>Copies with rights and a badge, or the guard of a CNode.</summary>
    public SystemResult Mint(uint index, CNodeTable from, uint fromIndex, CapabilityRights rights, ulong badge) =>
        Operation.Do(address, (ulong)CNodeOperation.Mint, Pair(index, fromIndex), from.Address, (ulong)rights, badge);

    /// <summary>Moves a capability here.</summary>
    public SystemResult Move(uint index, CNodeTable from, uint fromIndex) =>
        Operation.Do(address, (ulong)CNodeOperation.Move, Pair(index, fromIndex), from.Address);

    /// <summary>Deletes a capability.</summary>
    public SystemResult Delete(uint index) => Operation.DoAll(address, (ulong)CNodeOperation.Delete, index);

    /// <summary>Deletes everything that was derived from a capability.</summary>
    public SystemResult Revoke(uint index) => Operation.DoAll(address, (ulong)CNodeOperation.Revoke, index);

    /// <summary>Tells what is in a slot: kind and rights, size, and a detail (docs/capabilities.md).</summary>
    public SystemResult Describe(uint index, out CapabilityType type, out ulong detail)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        type = (CapabilityType)(byte)message.Word0;
        detail = message.Word2;
        return result;
    }

    /// <summary>Tells the size of what is in a slot, and for untyped memory how much is free.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="sizeBits">log2 of the bytes of an untyped or frame, of the slots of a CNode.</param>
    /// <param name="free">Bytes that are free.</param>
    public SystemResult DescribeSize(uint index, out uint sizeBits, out ulong free)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        sizeBits = (byte)message.Word1;
        free = message.Word2;
        return result;
    }

    /// <summary>Tells all about what is in a slot (docs/capabilities.md).</summary>
    public SystemResult DescribeAll(uint index, out uint type, out uint rights, out ulong detail)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        type = (byte)message.Word0;
        rights = (byte)(message.Word0 >> 8);
        detail = message.Word2;
        return result;
    }

    private static ulong Pair(uint index, uint fromIndex) => index | ((ulong)fromIndex << 32);
}

/// <summary>Memory that can be mapped.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Frame)]
public readonly struct MemoryFrame(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Maps it.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, MapRights rights) =>
        Operation.Do(address, (ulong)FrameOperation.Map, vspace, virtualAddress, (ulong)rights);

    /// <summary>Maps it, and tells what is missing.</summary>
    /// <param name="vspace">Address of the VSpace capability.</param>
    /// <param name="virtualAddress">Aligned to its size.</param>
    /// <param name="rights">How.</param>
    /// <param name="level">With <see cref="SystemResult.TableMissing"/>: level of the table.</param>
    public SystemResult Map(ulong vspace, ulong virtualAddress, MapRights rights, out uint level)
    {
        SystemResult result = Operation.Ask(address, (ulong)FrameOperation.Map, out ulong word, vspace, virtualAddress, (ulong)rights);
        level = (uint)word;
        return result;
    }

    /// <summary>Tells where it lies, for devices that reach memory by themselves. Needs no right.</summary>
    /// <param name="physical">Physical address.</param>
    /// <param name="bytes">How many there are.</param>
    public SystemResult GetAddress(out ulong physical, out ulong bytes)
    {
        Message message = Message.Of((ulong)FrameOperation.GetAddress, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        physical = message.Word0;
        bytes = message.Word1;
        return result;
    }

    /// <summary>Unmaps what this capability mapped.</summary>
    public SystemResult Unmap() => Operation.Do(address, (ulong)FrameOperation.Unmap);
}

/// <summary>A page table.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct TranslationTable(ulong address)
{
    /// <summary>Enters it in an address space.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, uint level) =>
        Operation.Do(address, (ulong)PageTableOperation.Map, vspace, virtualAddress, level);
}

/// <summary>A thread.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Thread)]
public readonly struct ThreadControl(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Gives it what it lives by.</summary>
    public SystemResult Configure(ulong root, ulong vspace, ulong faultEndpoint, ulong bufferFrame) =>
        Operation.Do(address, (ulong)ThreadOperation.Configure, root, vspace, faultEndpoint, bufferFrame);

    /// <summary>Says where its message buffer is mapped.</summary>
    public SystemResult SetBuffer(ulong virtualAddress, ulong offset = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetBuffer, virtualAddress, offset);

    /// <summary>Has a notification's signals end its waits at endpoints.</summary>
    public SystemResult BindNotification(ulong notification) => Operation.Do(address, (ulong)ThreadOperation.BindNotification, notification);

    /// <summary>Frees its notification, so that another can be bound.</summary>
    public SystemResult UnbindNotification() => Operation.Do(address, (ulong)ThreadOperation.UnbindNotification);

    /// <summary>Tells how it is.</summary>
    public SystemResult Describe(out ThreadReport report)
    {
        Message message = Message.Of((ulong)ThreadOperation.Describe, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        report = new ThreadReport(message.Word0, message.Word1, message.Word2, message.Word3);
        return result;
    }

    /// <summary>Sets priority, and the most that it may give.</summary>
    public SystemResult SetPriority(byte priority, byte most) => Operation.Do(address, (ulong)ThreadOperation.SetPriority, priority, most);

    /// <summary>Gives it time of its own.</summary>
    public SystemResult BindContext(ulong context) => Operation.Do(address, (ulong)ThreadOperation.BindContext, context);

    /// <summary>Takes its time away.</summary>
    public SystemResult UnbindContext() => Operation.Do(address, (ulong)ThreadOperation.UnbindContext);

    /// <summary>Sets where it begins.</summary>
    public SystemResult SetRegisters(ulong entry, ulong stack, ulong argument0 = 0, ulong argument1 = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetRegisters, entry, stack, argument0, argument1);

    /// <summary>Lets it run.</summary>
    public SystemResult Resume() => Operation.Do(address, (ulong)ThreadOperation.Resume);

    /// <summary>Stops it.</summary>
    public SystemResult Suspend() => Operation.Do(address, (ulong)ThreadOperation.Suspend);
}

/// <summary>How a thread is.</summary>
/// <param name="state">State, priority and fault, as <see cref="ThreadOperation.Describe"/> packs them.</param>
/// <param name="usedTicks">TSC ticks that its time was used.</param>
/// <param name="systemCalls">Its system calls that took the long way.</param>
/// <param name="rip">Where it was last.</param>
public readonly struct ThreadReport(ulong state, ulong usedTicks, ulong systemCalls, ulong rip)
{
    /// <summary>Its priority.</summary>
    public byte Priority => (byte)(state >> 8);

    /// <summary>Which fault stopped it.</summary>
    public FaultKind Fault => (FaultKind)(state >> 16);

    /// <summary>TSC ticks that its time was used.</summary>
    public ulong UsedTicks => usedTicks;

    /// <summary>Its system calls that took the long way.</summary>
    public ulong SystemCalls => systemCalls;

    /// <summary>Where it was last.</summary>
    public ulong Rip => rip;
}

/// <summary>May set budgets.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct SchedulingAuthority(ulong address)
{
    /// <summary>Sets budget and period of a scheduling context, in microseconds.</summary>
    public SystemResult Configure(ulong context, ulong budget, ulong period) =>
        Operation.Do(address, (ulong)SchedulingControlOperation.Configure, context, budget, period);
}

/// <summary>A range of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.IoPort)]
public readonly struct PortRange(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Reads a byte.</summary>
    public SystemResult Read8(ushort port, out byte value)
    {
        SystemResult result = Operation.Ask(address, (ulong)IoPortOperation.Read8, out ulong word, port);
        value = (byte)word;
        return result;
    }

    /// <summary>Writes a byte.</summary>
    public SystemResult Write8(ushort port, byte value) => Operation.Do(address, (ulong)IoPortOperation.Write8, port, value);

    /// <summary>Reads four bytes.</summary>
    public SystemResult Read32(ushort port, out uint value)
    {
        SystemResult result = Operation.Ask(address, (ulong)IoPortOperation.Read32, out ulong word, port);
        value = (uint)word;
        return result;
    }

    /// <summary>Writes four bytes.</summary>
    public SystemResult Write32(ushort port, uint value) => Operation.Do(address, (ulong)IoPortOperation.Write32, port, value);
}

/// <summary>May make ranges of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct PortControl(ulong address)
{
    /// <summary>Makes a range.</summary>
    public SystemResult Get(ulong first, ulong last, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)IoPortControlOperation.Get, first, last, into.Address, index);
}

/// <summary>May make interrupt handlers.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct InterruptAuthority(ulong address)
{
    /// <summary>Makes the handler of a line.</summary>
    /// <param name="line">Of the I/O APIC.</param>
    /// <param name="trigger">Bit 0: level-triggered; bit 1: active low.</param>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    public SystemResult GetLine(ulong line, ulong trigger, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)IrqControlOperation.GetLine, line, trigger, into.Address, index);

    /// <summary>Makes the handler of an interrupt that comes as a message.</summary>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    /// <param name="message">Where the device sends what.</param>
    public SystemResult GetMessage(CNodeTable into, uint index, out InterruptMessage message)
    {
        Message asked = Message.Of((ulong)IrqControlOperation.GetMessage, MessageHeader.RegisterWords, 0, 0, into.Address, index);
        SystemResult result = Ipc.Call(address, ref asked);
        message = new InterruptMessage(asked.Word0, (uint)asked.Word1);
        return result;
    }
}

/// <summary>What a device writes where, so that it is an interrupt.</summary>
/// <param name="address">Physical address.</param>
/// <param name="data">What is written there.</param>
public readonly struct InterruptMessage(ulong address, uint data)
{
    /// <summary>Physical address.</summary>
    public ulong Address => address;

    /// <summary>What is written there.</summary>
    public uint Data => data;
}

/// <summary>One interrupt.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.IrqHandler)]
public readonly struct InterruptLine(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Says which notification is signalled.</summary>
    public SystemResult SetNotification(ulong notification) => Operation.Do(address, (ulong)IrqHandlerOperation.SetNotification, notification);

    /// <summary>The device is served: the next interrupt may come.</summary>
    public SystemResult Acknowledge() => Operation.Do(address, (ulong)IrqHandlerOperation.Acknowledge);
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

/// <summary>What else the coordinator's kernel keeps with the instance of a core.</summary>
/// <param name="change">Number of its last change of state, counted over all cores; 0: none.</param>
/// <param name="changedAt">Time-stamp counter then.</param>
/// <param name="note0">What was noted with the last order.</param>
/// <param name="note1">The same.</param>
public readonly struct MemberHistory(ulong change, ulong changedAt, ulong note0, ulong note1)
{
    /// <summary>Number of its last change of state.</summary>
    public ulong Change => change;

    /// <summary>Time-stamp counter then.</summary>
    public ulong ChangedAt => changedAt;

    /// <summary>First note.</summary>
    public ulong Note0 => note0;

    /// <summary>Second note.</summary>
    public ulong Note1 => note1;
}

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

    /// <summary>Orders a step for another core, for who may grant; on the coordinator's core only. It is taken soon afterwards.</summary>
    /// <param name="core">Which, but not the first.</param>
    /// <param name="order">The step.</param>
    /// <param name="note0">Kept with the core: <see cref="MemberHistory.Note0"/>.</param>
    /// <param name="note1">The same: <see cref="MemberHistory.Note1"/>.</param>
    public SystemResult Order(uint core, MemberOrder order, ulong note0, ulong note1) =>
        Operation.Do(address, (ulong)InstanceControlOperation.Order, core, (ulong)order, note0, note1);

    /// <summary>Has a notification signalled from now on when the state of an instance has changed, for who may grant; on the coordinator's core only.</summary>
    public SystemResult Watch(ulong notification) => Operation.Do(address, (ulong)InstanceControlOperation.Watch, notification);

    /// <summary>Ends the run of the machine, for who may write.</summary>
    public SystemResult End(bool passed) => Operation.Do(address, (ulong)InstanceControlOperation.End, passed ? 1UL : 0);
}

/// <summary>A notification, and the ends of channels that have signalled it.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Notification)]
public readonly struct ChannelNotification(ulong address)
{
    /// <summary>Ends that one call takes at most.</summary>
    public const int TakenAtOnce = MessageHeader.RegisterWords;

    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Takes ends that are listed here and were not taken since they signalled last, first come first.</summary>
    /// <param name="taken">In words 0 to 3: number of the end, and <see cref="ChannelNews"/> above; 0: there are no more.</param>
    public SystemResult TakeReady(out Message taken)
    {
        taken = Message.Of((ulong)NotificationOperation.TakeReady, MessageHeader.RegisterWords);
        return Ipc.Call(address, ref taken);
    }
}

/// <summary>An end of a channel, as the kernel sees it: what <see cref="RingChannel"/> does without.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Channel)]
public readonly struct ChannelControl(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Says which notification is signalled.</summary>
    /// <param name="notification">Address of a badged one.</param>
    /// <param name="listed">Number by which the end is listed at the notification whenever it is signalled; 0: it is not.</param>
    public SystemResult SetNotification(ulong notification, uint listed = 0) =>
        Operation.Do(address, (ulong)ChannelOperation.SetNotification, notification, listed);

    /// <summary>Says where the rings are to be mapped, and tells what is missing.</summary>
    /// <param name="vspace">Address of the VSpace capability.</param>
    /// <param name="virtualAddress">Of two pages.</param>
    /// <param name="level">With <see cref="SystemResult.TableMissing"/>: level of the table.</param>
    public SystemResult Attach(ulong vspace, ulong virtualAddress, out uint level)
    {
        SystemResult result = Operation.Ask(address, (ulong)ChannelOperation.Attach, out ulong word, vspace, virtualAddress);
        level = (uint)word;
        return result;
    }

    /// <summary>Rings the other end.</summary>
    public SystemResult Ring() => Operation.Do(address, (ulong)ChannelOperation.Ring);

    /// <summary>Gives the other end's program a capability.</summary>
    /// <param name="given">Address of the capability.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    public SystemResult Grant(ulong given, CapabilityRights rights) => Operation.Do(address, (ulong)ChannelOperation.Grant, given, (ulong)rights);

    /// <summary>Lends the other end's program a frame as a whole.</summary>
    /// <param name="lent">Address of the capability.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    public SystemResult Lend(ulong lent, CapabilityRights rights) => Operation.Do(address, (ulong)ChannelOperation.Lend, lent, (ulong)rights);

    /// <summary>Takes the next capability that the other end has given.</summary>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    public SystemResult Accept(CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)ChannelOperation.Accept, 0, 0, into.Address, index);

    /// <summary>Asks anew for a channel whose other end is gone.</summary>
    public SystemResult Reopen() => Operation.Do(address, (ulong)ChannelOperation.Reopen);

    /// <summary>Tells how it is.</summary>
    /// <param name="state">Where it is in its life.</param>
    /// <param name="epoch">Which channel it is; 0 before it was open.</param>
    /// <param name="isMapped">Whether its rings can be touched.</param>
    public SystemResult Describe(out ChannelState state, out ulong epoch, out bool isMapped)
    {
        Message message = Message.Of((ulong)ChannelOperation.Describe, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        state = (ChannelState)message.Word0;
        epoch = message.Word1;
        isMapped = message.Word3 != 0;
        return result;
    }
}

/// <summary>Where messages meet receivers.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Endpoint)]
public readonly struct MessageEndpoint(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;
}

/// <summary>A word of pending bits.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Notification)]
public readonly struct SignalWord(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Signals the bits of the capability's badge.</summary>
    public SystemResult Signal() => Ipc.Signal(address);
}
