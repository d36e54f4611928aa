namespace Atoll.Abi;

/// <summary>Operations of an Untyped: labels of a <see cref="SystemCall.Call"/> to it.</summary>
public enum UntypedOperation : ulong
{
    /// <summary>Makes objects. Word 0: <see cref="RetypeRequest"/>; word 1: address of the CNode that takes the
    /// capabilities; word 2: index of the first slot.</summary>
    Retype = 1,

    /// <summary>Forgets all objects, which must be gone: the memory is free again from the beginning.</summary>
    Reset,
}

/// <summary>Packs what is to be made into one word. Untrusted.</summary>
/// <remarks>Bits 0–7: <see cref="CapabilityType"/>; 8–15: log2 of the size where it varies; 16–31: how many.</remarks>
/// <param name="raw">The word.</param>
public readonly struct RetypeRequest(ulong raw)
{
    /// <summary>Most objects at once.</summary>
    public const int CountMax = 256;

    /// <summary>The word.</summary>
    public readonly ulong Raw = raw;

    /// <summary>Kind of object.</summary>
    public CapabilityType Type => (CapabilityType)(byte)Raw;

    /// <summary>log2 of the bytes of an Untyped or Frame, of the slots of a CNode.</summary>
    public byte SizeBits => (byte)(Raw >> 8);

    /// <summary>How many.</summary>
    public uint Count => (uint)(Raw >> 16) & 0xFFFF;

    /// <summary>Makes one.</summary>
    public static RetypeRequest Of(CapabilityType type, byte sizeBits = 0, uint count = 1) =>
        new((ulong)type | ((ulong)sizeBits << 8) | ((ulong)count << 16));
}

/// <summary>Operations of a CNode. Its slots are named by index; the source by (CNode address, index).</summary>
/// <remarks>Word 0: destination index (low half), source index (high half); word 1: address of the source's CNode.</remarks>
public enum CNodeOperation : ulong
{
    /// <summary>Copies with at most the rights in word 2.</summary>
    Copy = 1,

    /// <summary>Copies with the rights in word 2 and the badge, or for a CNode the guard (<see cref="CNodeGuard"/>), in
    /// word 3.</summary>
    Mint,

    /// <summary>Moves.</summary>
    Move,

    /// <summary>Exchanges two slots.</summary>
    Swap,

    /// <summary>Deletes the capability at word 0.</summary>
    Delete,

    /// <summary>Deletes everything derived from the capability at word 0.</summary>
    Revoke,

    /// <summary>Ends the waits of senders with the badge of the endpoint capability at word 0.</summary>
    CancelBadgedSends,

    /// <summary>Tells about the slot at word 0: word 0 type and rights, word 1 size bits and badge known, word 2
    /// badge.</summary>
    Describe,
}

/// <summary>Guard of a CNode capability: bits 0–5 length, above them the value.</summary>
/// <param name="raw">The word.</param>
public readonly struct CNodeGuard(ulong raw)
{
    /// <summary>The word.</summary>
    public readonly ulong Raw = raw;

    /// <summary>Bits of the guard, 0 to 58.</summary>
    public byte Bits => (byte)(Raw & 0x3F);

    /// <summary>What they must be.</summary>
    public ulong Value => Raw >> 6;

    /// <summary>Makes one.</summary>
    public static CNodeGuard Of(byte bits, ulong value = 0) => new((value << 6) | bits);
}

/// <summary>Operations of a Frame.</summary>
public enum FrameOperation : ulong
{
    /// <summary>Maps. Word 0: address of the VSpace capability; word 1: virtual address; word 2:
    /// <see cref="MapRights"/>.</summary>
    Map = 1,

    /// <summary>Unmaps what this capability mapped.</summary>
    Unmap,

    /// <summary>Tells the physical address (word 0) and the size (word 1), for devices.</summary>
    GetAddress,
}

/// <summary>How a frame is mapped. There is no writable and executable.</summary>
public enum MapRights : ulong
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Read and write.</summary>
    ReadWrite,

    /// <summary>Read and execute.</summary>
    ReadExecute,
}

/// <summary>Operations of a PageTable.</summary>
public enum PageTableOperation : ulong
{
    /// <summary>Enters it. Word 0: address of the VSpace capability; word 1: virtual address; word 2: level, 1 to
    /// 3.</summary>
    Map = 1,

    /// <summary>Takes it out, with all that it maps.</summary>
    Unmap,
}

/// <summary>Operations of a Thread.</summary>
public enum ThreadOperation : ulong
{
    /// <summary>Word 0: address of its root CNode; word 1: of its VSpace; word 2: of its fault endpoint, or 0; word 3:
    /// of the frame with its message buffer, or 0.</summary>
    Configure = 1,

    /// <summary>Word 0: virtual address of the message buffer within its address space (for the thread only); word 1:
    /// offset in the frame.</summary>
    SetBuffer,

    /// <summary>Word 0: priority; word 1: the most it may give to others. Neither above the caller's.</summary>
    SetPriority,

    /// <summary>Word 0: address of a SchedulingContext.</summary>
    BindContext,

    /// <summary>Gives its context back.</summary>
    UnbindContext,

    /// <summary>Word 0: address of a Notification.</summary>
    BindNotification,

    /// <summary>Frees its notification.</summary>
    UnbindNotification,

    /// <summary>Word 0: instruction pointer; word 1: stack pointer; word 2: RDI; word 3: RSI. The others become
    /// zero.</summary>
    SetRegisters,

    /// <summary>Word 0: first register by the order of <see cref="ThreadContext"/>; gives up to four.</summary>
    GetRegisters,

    /// <summary>Lets it run.</summary>
    Resume,

    /// <summary>Stops it, and ends its wait.</summary>
    Suspend,

    /// <summary>Word 0: base of FS, a user address.</summary>
    SetLocalBase,

    /// <summary>Word 0: <see cref="FaultOptions"/>.</summary>
    SetFaults,

    /// <summary>Tells: word 0 state (bits 0–7), priority (8–15), <see cref="FaultKind"/> that stopped it (16–); word 1
    /// TSC ticks that its time was used; word 2 its system calls that took the long way; word 3 where it was last.</summary>
    Describe,
}

/// <summary>What is reported to a thread's fault endpoint besides exceptions.</summary>
[System.Flags]
public enum FaultOptions : byte
{
    /// <summary>Exceptions only.</summary>
    None = 0,

    /// <summary>The end of a limited budget (<see cref="FaultKind.Budget"/>).</summary>
    Budget = 1,

    /// <summary>A Send, Receive or Call whose capability cannot be used (<see cref="FaultKind.Capability"/>), instead
    /// of a result.</summary>
    Capability = 2,

    /// <summary>All of them.</summary>
    All = 3,
}

/// <summary>Operations of a SchedulingControl.</summary>
public enum SchedulingControlOperation : ulong
{
    /// <summary>Word 0: address of a SchedulingContext; word 1: budget, word 2: period, microseconds; equal: round
    /// robin without a limit.</summary>
    Configure = 1,
}

/// <summary>Operations of an IrqControl.</summary>
public enum IrqControlOperation : ulong
{
    /// <summary>Word 0: global interrupt; word 1: bit 0 level-triggered, bit 1 active low; word 2: CNode address; word
    /// 3: index of the new IrqHandler.</summary>
    GetLine = 1,

    /// <summary>A message-signalled interrupt. Word 2: CNode address; word 3: index. Gives the address (word 0) and
    /// data (word 1) for the device.</summary>
    GetMessage,
}

/// <summary>Operations of an IrqHandler.</summary>
public enum IrqHandlerOperation : ulong
{
    /// <summary>Word 0: address of a badged Notification: signalled at each interrupt.</summary>
    SetNotification = 1,

    /// <summary>The device is served: the next interrupt may come.</summary>
    Acknowledge,

    /// <summary>No notification any more.</summary>
    Clear,
}

/// <summary>Operations of an IoPortControl.</summary>
public enum IoPortControlOperation : ulong
{
    /// <summary>Word 0: first port; word 1: last; word 2: CNode address; word 3: index of the new IoPort.</summary>
    Get = 1,
}

/// <summary>Operations of an IoPort.</summary>
public enum IoPortOperation : ulong
{
    /// <summary>Word 0: port. Gives the byte.</summary>
    Read8 = 1,

    /// <summary>Word 0: port; word 1: byte.</summary>
    Write8,

    /// <summary>Word 0: port. Gives 16 bits.</summary>
    Read16,

    /// <summary>Word 0: port; word 1: 16 bits.</summary>
    Write16,

    /// <summary>Word 0: port. Gives 32 bits.</summary>
    Read32,

    /// <summary>Word 0: port; word 1: 32 bits.</summary>
    Write32,
}

/// <summary>Operations of an InstanceControl.</summary>
public enum InstanceControlOperation : ulong
{
    /// <summary>Word 0: <see cref="InstanceFigure"/>. Gives its value.</summary>
    Figure = 1,

    /// <summary>Ends the run of the machine. Word 0: 1 when it passed.</summary>
    End,

    /// <summary>Makes an end of a channel. Word 0: core of the other end; word 1: name, which both ends give; word 2: CNode address; word 3: index of the
    /// new Channel. The channel is open once somebody on that core has asked for one to this core by the same name.</summary>
    Connect,

    /// <summary>Tells of an instance, on the coordinator's core. Word 0: core. Gives <see cref="MemberCondition"/>; which life of the core it is, from 1; turns
    /// of its event loop; bytes of memory that it has.</summary>
    Member,

    /// <summary>Orders a step for another core, for who may read and grant, on the coordinator's core. Word 0: core, but not the first; word 1: <see cref="MemberOrder"/>;
    /// words 2 and 3: notes, which the kernel keeps and does not read. The step is taken soon after the call; one that does not fit the core's state changes
    /// nothing. Unavailable: this image provokes no faults.</summary>
    Order,

    /// <summary>Tells what <see cref="Member"/> leaves out. Word 0: core. Gives the number of the last change of its state, counted over all cores from 1 (0: none);
    /// the time-stamp counter then; the two notes.</summary>
    History,

    /// <summary>From now on a notification is signalled when the state of an instance has changed, for who may read and grant, on the coordinator's core. Word 0: address of
    /// a Notification with the right to signal. It takes the place of the one before.</summary>
    Watch,

    /// <summary>Tells what an end of a channel of this core is called, for who may grant. Word 0: its number (<see cref="ChannelOperation.Describe"/>). Gives the name that it was made with
    /// (<see cref="Connect"/>); 0: no capability leads to an end of this number.</summary>
    NameOfEnd,
}

/// <summary>Operations of a Channel.</summary>
public enum ChannelOperation : ulong
{
    /// <summary>Word 0: address of a badged Notification, signalled when the channel opens, when the other end rings, and when it is gone; then bit
    /// <see cref="ChannelNews.ChangedBit"/> is signalled besides. Word 1: a number, to 65535, by which the end is listed at the notification whenever it is signalled
    /// (<see cref="NotificationOperation.TakeReady"/>); 0: it is not listed.</summary>
    SetNotification = 1,

    /// <summary>Says where the rings are mapped, as soon as the channel is open. Word 0: address of a VSpace; word 1: virtual address of the two
    /// pages (<see cref="ChannelPage"/>): the ring to receive from, then the ring to send to.</summary>
    Attach,

    /// <summary>Rings the other end: its notification is signalled. A ring for one that is gone does nothing.</summary>
    Ring,

    /// <summary>Tells: word 0 <see cref="ChannelState"/>; word 1 the epoch; word 2 core of the other end, and from bit 32 on the number of this one; word 3: 1 when the rings are mapped.</summary>
    Describe,

    /// <summary>Asks anew for a channel whose other end is gone, by the same name. What was in the rings is lost.</summary>
    Reopen,

    /// <summary>Gives the other end's program a capability, which stays derived from the giver's: a Frame, a Notification, an Endpoint or a Thread; or an Untyped of at least a Frame, of which the other end's instance makes Frames. An Untyped of which nothing is made is zeroed
    /// first (Again: ask the same once more), and has no free memory until it is revoked and reset. Word 0: its
    /// address; word 1: the rights that it has there at most. So many may be under way (<see cref="ChannelPage.GrantsMax"/>); then WouldBlock, until the other end
    /// has taken one, which rings. Of a frame of another instance: NotCopyable.</summary>
    Grant,

    /// <summary>Lends the other end's program a Frame as a whole, words as for Grant. What maps it here is taken out, and until a revoke of this capability has brought it back it is a
    /// <see cref="CapabilityType.Lent"/>, which cannot be mapped, copied or given. HasChildren: somebody else has it, too.</summary>
    Lend,

    /// <summary>Takes the next capability that the other end has given. Word 2: CNode address; word 3: index of the slot. Nothing there: WouldBlock.</summary>
    Accept,
}

/// <summary>Operations of a Notification besides signals and waits.</summary>
public enum NotificationOperation : ulong
{
    /// <summary>Takes the ends of channels that have signalled it and were not taken since, first come first, as many as the answer has words: in each the end's number
    /// (<see cref="ChannelOperation.SetNotification"/>), and why from bit <see cref="ChannelNews.Shift"/> on. A word of 0, and all behind it: there are no more.
    /// Wants the right to read.</summary>
    TakeReady = 1,
}

/// <summary>Why an end of a channel is ready: bits.</summary>
public static class ChannelNews
{
    /// <summary>The other end has rung: a message, or it has taken a capability.</summary>
    public const byte Rang = 1;

    /// <summary>The channel has opened, its other end is gone, or there will be none.</summary>
    public const byte Changed = 2;

    /// <summary>The other end has given a capability.</summary>
    public const byte Given = 4;

    /// <summary>First bit of the reasons in a word that is taken.</summary>
    public const int Shift = 32;

    /// <summary>Bit that is signalled beside the badge of an end that has changed.</summary>
    public const ulong ChangedBit = 1UL << 63;

    /// <summary>Whether a signal says that one of the ends it came from has changed.</summary>
    /// <param name="signalled">What came.</param>
    public static bool HasChanged(ulong signalled) => (signalled & ChangedBit) != 0;
}

/// <summary>Where an end of a channel is in its life.</summary>
public enum ChannelState : byte
{
    /// <summary>There is none. Zeroed memory reads so.</summary>
    None,

    /// <summary>The other end has not come yet.</summary>
    Asking,

    /// <summary>Messages pass.</summary>
    Open,

    /// <summary>The other end is gone: given up, or its core is dead. What it had sent can still be received.</summary>
    PeerDied,

    /// <summary>There will be no channel: no such core, no memory, or nobody is left to make it.</summary>
    Unavailable,

    /// <summary>This end is given up, and the kernel has not told everybody yet. No capability leads here.</summary>
    Leaving,
}

/// <summary>Figures that the kernel tells.</summary>
public enum InstanceFigure : ulong
{
    /// <summary>Core number.</summary>
    Core,

    /// <summary>TSC ticks a second.</summary>
    TscHz,

    /// <summary>TSC ticks spent halted.</summary>
    SleptTicks,

    /// <summary>System calls.</summary>
    SystemCalls,

    /// <summary>Switches between threads.</summary>
    Switches,

    /// <summary>Interrupts from ring 3.</summary>
    Interrupts,

    /// <summary>Turns of the event loop.</summary>
    Turns,

    /// <summary>Most TSC ticks from a kernel entry to its exit.</summary>
    LongestStretch,

    /// <summary>Messages of other kernels about channels that fitted none: late ones, or wrong.</summary>
    ChannelMessagesRefused,

    /// <summary>Capabilities to objects of this instance that others hold, or have not let go of yet.</summary>
    CapabilitiesOut,

    /// <summary>Capabilities to objects of others that this instance holds, those included that wait at channels to be taken.</summary>
    CapabilitiesIn,

    /// <summary>Messages of other kernels about capabilities that fitted none: late ones, or wrong.</summary>
    CapabilityMessagesRefused,
}
