using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.Services.Lib;

/// <summary>How an operation on a channel ended.</summary>
[MustUse]
public enum ChannelResult : byte
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Nothing is there, or no room is: try again after a wait. A wait: its deadline came first.</summary>
    WouldBlock,

    /// <summary>The other end is gone, and all that it had sent has been received. <see cref="RingChannel.Epoch"/> says which channel it was.</summary>
    PeerDied,

    /// <summary>There will be no channel: no such core, no memory, or nobody who makes channels.</summary>
    Unavailable,

    /// <summary>The kernel could not map the rings where they belong.</summary>
    NotMapped,

    /// <summary>A capability that cannot be given, or cannot be taken.</summary>
    NotGiven,

    /// <summary>The other end has written into the ring what no end writes there: nothing comes from it any more. It lives, so <see cref="RingChannel.Reopen"/> has to wait until it does not.</summary>
    PeerCorrupt,
}

/// <summary>A program's end of a channel: messages of 56 bytes to and from a program of this or another core, without a system call while both look.</summary>
/// <remarks>
/// The rings, the sleep protocol and their code are the kernels' own (kernel/Ipc). One program has it, and one thread of it. All that comes from the other end is untrusted: it can cause
/// <see cref="ChannelResult.WouldBlock"/> or garbage, never an access outside the rings.
/// A turn: receive until WouldBlock, send, then <see cref="EndTurn"/>; with nothing to do, <see cref="Wait"/>.
/// </remarks>
[NonCopyable]
public struct RingChannel
{
    // A look at how the channel is costs a system call: who polls and finds nothing takes one now and then.
    private const uint LooksBetweenQuestions = 4096;

    private readonly ChannelControl _control;
    private readonly ulong _notification;
    private readonly ulong _pages;
    private RingReceiver _receiver;
    private RingSender _sender;
    private WakeWord _wake;
    private DoorbellMemory _doorbell;
    private uint _looks;
    private bool _hasSent;
    private bool _isOpen;
    private bool _isPeerGone;
    private bool _isPeerCorrupt;
    private bool _asksBeforeRest;
    private bool _owesBell;

    private RingChannel(ref readonly GrantRecord grant)
        : this(grant.Slot, grant.Slot + 1, grant.Argument)
    {
    }

    internal RingChannel(ulong slot, ulong notification, ulong pages)
    {
        _control = new ChannelControl(slot);
        _notification = notification;
        _pages = pages;
    }

    /// <summary>Which channel it is: no two have the same number while the machine runs. 0 before it was open.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Address of its capability.</summary>
    public readonly ulong Slot => _control.Address;

    /// <summary>Whether the system gives it.</summary>
    public readonly bool IsGiven => _pages != 0;

    /// <summary>Address of the notification that its signals come to: that of the program's thread.</summary>
    public readonly ulong Notification => _notification;

    /// <summary>Whether messages can be sent and received.</summary>
    public readonly bool IsOpen => _isOpen;

    /// <summary>Whether the other end sleeps and is to be rung: what <see cref="EndTurn"/> has left.</summary>
    public readonly bool OwesBell => _owesBell;

    /// <summary>Whether the other end is known to be gone, or to be none. What it had sent may still be there.</summary>
    internal readonly bool IsPeerGone => _isPeerGone;

    private readonly ChannelResult Ending => _isPeerCorrupt ? ChannelResult.PeerCorrupt : ChannelResult.PeerDied;

    /// <summary>The end that the system gives under a name.</summary>
    /// <param name="start">What the program finds.</param>
    /// <param name="name">Of a need of kind channel.</param>
    public static RingChannel Of(in ProgramStart start, System.ReadOnlySpan<byte> name)
    {
        _ = start.TryFind(name, out GrantRecord grant);
        return Of(in grant);
    }

    /// <summary>One of the ends that the system gives under a name, for who waits for one of them at a time; who waits for any of them has a <see cref="ChannelSet"/>.</summary>
    /// <remarks>All signal one notification. So a wait for one end may hear of the end of another: <see cref="Awake"/> asks for that before the next use.</remarks>
    /// <param name="start">What the program finds.</param>
    /// <param name="name">Of a need of kind channel with a count.</param>
    /// <param name="end">Which, from 0; beyond the last: an end that is not given.</param>
    public static RingChannel Of(in ProgramStart start, System.ReadOnlySpan<byte> name, uint end)
    {
        uint count = start.FindAll(name, out GrantRecord first);
        return end < count
            ? new RingChannel(first.Slot + end, first.Slot - 1, first.Argument + (end * ProgramInformation.ManyChannelsStride))
            : default;
    }

    /// <summary>The end that a grant gives.</summary>
    /// <param name="grant">Of kind channel; of none: an end that is not given.</param>
    public static RingChannel Of(ref readonly GrantRecord grant) => new(in grant);

    // Of a seat: the pages are the window's, where the kernel maps rings or nothing.
    internal static RingChannel At(ulong slot, ulong notification, ulong pages) => new(slot, notification, OwnWindow.Of(pages));

    /// <summary>Has another notification signalled than that of the program's thread. What has happened before is signalled at once.</summary>
    /// <param name="notification">Its address: it may be signalled.</param>
    /// <returns>Done, or NotGiven.</returns>
    public readonly ChannelResult SignalTo(ulong notification) =>
        _control.SetNotification(notification) == SystemResult.Ok ? ChannelResult.Done : ChannelResult.NotGiven;

    /// <summary>Looks whether the channel is open, and waits for that.</summary>
    /// <param name="deadline">TSC value at which it ends.</param>
    public ChannelResult Open(ulong deadline = Deadline.Never)
    {
        while (true)
        {
            ChannelResult result = TryOpen();
            if (result != ChannelResult.WouldBlock || Sleep(deadline, out _) == SystemResult.TimedOut)
            {
                return result;
            }
        }
    }

    /// <summary>Looks whether the channel is open.</summary>
    public ChannelResult TryOpen()
    {
        if (_isOpen)
        {
            return ChannelResult.Done;
        }

        if (_control.Describe(out ChannelState state, out ulong epoch, out bool isMapped) != SystemResult.Ok)
        {
            return ChannelResult.Unavailable;
        }

        switch (state)
        {
            case ChannelState.Asking:
                return ChannelResult.WouldBlock;
            case ChannelState.Open or ChannelState.PeerDied when isMapped:
                Begin(epoch);

                // Nobody signals a second time that it is gone.
                _isPeerGone = state == ChannelState.PeerDied;
                return ChannelResult.Done;
            case ChannelState.Open or ChannelState.PeerDied:
                return ChannelResult.NotMapped;
            default:
                return ChannelResult.Unavailable;
        }
    }

    /// <summary>After <see cref="ChannelResult.PeerDied"/>: asks for the channel anew. What was not received is lost.</summary>
    /// <returns>Done, or WouldBlock: the other end is there.</returns>
    public ChannelResult Reopen()
    {
        if (_control.Reopen() != SystemResult.Ok)
        {
            return ChannelResult.WouldBlock;
        }

        _isOpen = false;
        _isPeerGone = false;
        _isPeerCorrupt = false;
        _hasSent = false;
        _owesBell = false;
        return ChannelResult.Done;
    }

    /// <summary>Sends a message. The other end may see it at once; if it sleeps, it is rung by <see cref="EndTurn"/>.</summary>
    public ChannelResult TrySend(ref readonly RingMessage message)
    {
        if (!_isOpen || _isPeerGone)
        {
            return Ending;
        }

        if (_sender.TrySend<CoherentMemory>(in message) == SendResult.Full)
        {
            return AskNowAndThen();
        }

        _hasSent = true;
        return ChannelResult.Done;
    }

    /// <summary>Sends a message and ends the turn, over a memory of the caller's: for programs that die in the middle of a send on purpose. Nothing, when there is no room.</summary>
    public void SendOver<TMemory>(ref readonly RingMessage message)
        where TMemory : ISharedMemory
    {
        if (_isOpen && _sender.TrySend<TMemory>(in message) == SendResult.Sent)
        {
            TMemory.Fence();
            RingIfAsleep<TMemory>();
        }
    }

    /// <summary>Takes the next message.</summary>
    /// <param name="message">The message when the result is Done, else unspecified. Untrusted.</param>
    public ChannelResult TryReceive(out RingMessage message)
    {
        RingMessage.LeaveUnset(out message);
        if (!_isOpen)
        {
            return ChannelResult.PeerDied;
        }

        if (_receiver.TryReceive<CoherentMemory>(out message) == ReceiveResult.Received)
        {
            return ChannelResult.Done;
        }

        // What the dead had sent was there before the kernel heard of its death, and this look came after that was asked.
        return _isPeerGone ? Ending : AskNowAndThen();
    }

    /// <summary>Takes the next message, if it comes within so many looks; after each in vain the processor is told that this is a loop that waits (Intel SDM Vol. 2B, "PAUSE").</summary>
    /// <param name="looks">At least 1.</param>
    /// <param name="message">As <see cref="TryReceive"/>.</param>
    public ChannelResult Poll(uint looks, out RingMessage message)
    {
        ChannelResult came;
        do
        {
            came = TryReceive(out message);
            if (came != ChannelResult.WouldBlock)
            {
                return came;
            }

            Cpu.Pause();
        }
        while (--looks != 0);

        return came;
    }

    /// <summary>Gives the other end's program a capability: a frame, a notification, an endpoint or a thread; on one core, any. It stays derived from this one, so a revoke takes it back.</summary>
    /// <param name="capability">Its address.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    /// <returns>Done: it is on its way. WouldBlock: so many were not taken yet (<see cref="ChannelPage.GrantsMax"/>); each that is taken rings. NotGiven: it is of a kind
    /// that crosses to no other core, or the kernel has no record left.</returns>
    public readonly ChannelResult Grant(ulong capability, CapabilityRights rights) => Given(_control.Grant(capability, rights));

    /// <summary>Lends the other end's program a frame as a whole: this program has nothing of it, wherever it was mapped, until a revoke of the capability has brought it back.</summary>
    /// <param name="frame">Address of the capability, from which nothing is derived.</param>
    /// <param name="rights">The most that may be done with it there.</param>
    /// <returns>As <see cref="Grant"/>.</returns>
    public readonly ChannelResult Lend(ulong frame, CapabilityRights rights) => Given(_control.Lend(frame, rights));

    /// <summary>Moves untyped memory to the other end's program, on another core: it is zeroed, and that program makes frames of it, each part of it once. This program has nothing of it until a
    /// revoke of the capability has taken back whatever was made of it, and <see cref="UntypedMemory.Reset"/> has freed it.</summary>
    /// <param name="memory">At least a page, of which nothing is made.</param>
    /// <returns>As <see cref="Grant"/>; NotGiven: something is made of it, too, or it is another instance's.</returns>
    public readonly ChannelResult Move(UntypedMemory memory) => Grant(memory.Address, CapabilityRights.All);

    /// <summary>Takes the next capability that the other end has given. One that was revoked before is passed over.</summary>
    /// <param name="slot">An empty one.</param>
    /// <returns>Done; WouldBlock: none has come yet, and one that comes rings; NotGiven: the slot is taken, or the kernel holds as many of others' as it may.</returns>
    public readonly ChannelResult TryAccept(ref OwnSlot slot) => slot.Accept(_control) switch
    {
        SystemResult.Ok => ChannelResult.Done,
        SystemResult.WouldBlock => ChannelResult.WouldBlock,
        _ => ChannelResult.NotGiven,
    };

    /// <summary>Waits until the other end has given a capability, and takes it.</summary>
    /// <param name="slot">An empty one.</param>
    /// <param name="deadline">TSC value at which it ends.</param>
    /// <returns>As <see cref="TryAccept"/>; PeerDied, PeerCorrupt: the other end is gone, or none, and has given no other.</returns>
    public ChannelResult Accept(ref OwnSlot slot, ulong deadline = Deadline.Never)
    {
        while (true)
        {
            ChannelResult result = TryAccept(ref slot);
            if (result != ChannelResult.WouldBlock || _isPeerGone || !_isOpen)
            {
                return result == ChannelResult.WouldBlock ? Ending : result;
            }

            if (Sleep(deadline, out _) == SystemResult.TimedOut)
            {
                return ChannelResult.WouldBlock;
            }

            AskForPeer();
        }
    }

    /// <summary>Ends a turn in which messages may have been sent: one fence, and the doorbell if the other end sleeps.</summary>
    /// <param name="rings">False: the doorbell is left to the wait that follows (<see cref="Bells"/>).</param>
    /// <remarks>A function of its own, so that the proof of a program finds the fence (property <c>fences</c>).</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void EndTurn(bool rings = true)
    {
        if (_hasSent)
        {
            _hasSent = false;
            CoherentMemory.Fence();
            if (PeerSleeps())
            {
                _owesBell = true;
            }
        }

        if (_owesBell && rings)
        {
            _owesBell = false;
            _ = _control.Ring();
        }
    }

    /// <summary>What this end owes is rung by somebody else.</summary>
    internal uint TakeBell()
    {
        _owesBell = false;
        return (uint)_control.Address;
    }

    /// <summary>There is something for the other end beside the ring, in memory that both have: <see cref="EndTurn"/> rings for it as for a message.</summary>
    public void Nudge() => _hasSent = true;

    /// <summary>Rings the other end, whatever it does: for what no message says, such as room that there is again.</summary>
    public readonly void Ring()
    {
        if (_isOpen)
        {
            _ = _control.Ring();
        }
    }

    /// <summary>Waits until there is a message, or the other end is gone.</summary>
    /// <param name="deadline">TSC value at which it ends.</param>
    /// <returns>Done, WouldBlock when the deadline came first, PeerDied, PeerCorrupt.</returns>
    public ChannelResult Wait(ulong deadline = Deadline.Never)
    {
        EndTurn(rings: false);
        while (true)
        {
            if (!_isOpen || HasMessage() || _isPeerGone)
            {
                EndTurn();
                return HasMessage() ? ChannelResult.Done : Ending;
            }

            Announce();
            ulong signalled = 0;
            SystemResult slept = HasMessage() ? SystemResult.Ok : Sleep(deadline, out signalled);
            Withdraw();
            if (slept == SystemResult.TimedOut)
            {
                return HasMessage() ? ChannelResult.Done : ChannelResult.WouldBlock;
            }

            // One signal may tell of a message and of the death behind it.
            if (!HasMessage() || (signalled & ChannelNews.ChangedBit) != 0)
            {
                AskForPeer();
            }
        }
    }

    /// <summary>Whether the next message is there. Changes nothing.</summary>
    public readonly bool HasMessage() => _isOpen && _receiver.HasMessage<CoherentMemory>();

    /// <summary>Says that this end waits elsewhere from now on, for whatever its notification is bound to, and looks once more.</summary>
    /// <param name="rings">False: a doorbell that is owed is left to the wait that follows (<see cref="Bells"/>).</param>
    /// <returns>Whether it may wait: nothing has come.</returns>
    [MustUse]
    public bool TryRest(bool rings = true)
    {
        EndTurn(rings);
        if (!_isOpen || HasMessage())
        {
            return !_isOpen;
        }

        if (_asksBeforeRest)
        {
            AskForPeer();
            if (_isPeerGone)
            {
                return false;
            }
        }

        Announce();
        if (!HasMessage())
        {
            return true;
        }

        Withdraw();
        return false;
    }

    /// <summary>After <see cref="TryRest"/> and a wait: this end looks by itself again.</summary>
    /// <param name="wasRung">This channel may have signalled: that may have told of a death.</param>
    public void Awake(bool wasRung = true)
    {
        Rise();
        if (wasRung && _isOpen && !HasMessage())
        {
            AskForPeer();
        }
        else
        {
            // One signal may tell of a message and of the death behind it.
            _asksBeforeRest |= wasRung;
        }
    }

    /// <summary>After <see cref="TryRest"/>: this end looks by itself again. Its kernel is not asked.</summary>
    internal void Rise()
    {
        if (_isOpen && _wake.SaysAsleep)
        {
            Withdraw();
        }
    }

    /// <summary>Asks the kernel whether the other end is gone, and the ring whether it is an end at all.</summary>
    internal void AskForPeer()
    {
        _asksBeforeRest = false;
        bool isKnown = _control.Describe(out ChannelState state, out ulong epoch, out _) == SystemResult.Ok;
        bool isDead = !isKnown || state != ChannelState.Open || epoch != Epoch;
        _isPeerCorrupt = !isDead && _isOpen && _receiver.IsCorrupt<CoherentMemory>();
        _isPeerGone = isDead || _isPeerCorrupt;
    }

    private SystemResult Sleep(ulong deadline, out ulong signalled)
    {
        Bells bells = default;
        bells.Add(ref this);
        return Ipc.RingAndWait(_notification, ref bells, out signalled, deadline);
    }

    private static ChannelResult Given(SystemResult result) => result switch
    {
        SystemResult.Ok => ChannelResult.Done,
        SystemResult.WouldBlock => ChannelResult.WouldBlock,
        SystemResult.WrongState => ChannelResult.PeerDied,
        _ => ChannelResult.NotGiven,
    };

    private ChannelResult AskNowAndThen()
    {
        if (++_looks % LooksBetweenQuestions == 0)
        {
            AskForPeer();
        }

        return ChannelResult.WouldBlock;
    }

    [Trusted(Safety = "The kernel maps the two pages there before it says so, and takes them out only when this end is given up or asked for anew.")]
    private unsafe void Begin(ulong epoch)
    {
        _receiver = default;
        _sender = default;
        _wake = default;
        _doorbell = default;
        _receiver.Attach((RingSlot*)_pages, ChannelPage.SlotCount);
        _sender.Attach((RingSlot*)(_pages + ImageLayout.PageSizeBytes), ChannelPage.SlotCount);
        _hasSent = false;
        _owesBell = false;
        _asksBeforeRest = false;
        _isPeerCorrupt = false;
        _isOpen = true;
        Epoch = epoch;
    }

    [Trusted(Safety = "The word is behind the ring of a page that is mapped while the channel is open.")]
    private unsafe void Announce() => _wake.Announce<CoherentMemory>((ulong*)(_pages + ChannelPage.WakeOffset));

    [Trusted(Safety = "The word is behind the ring of a page that is mapped while the channel is open.")]
    private unsafe void Withdraw() => _wake.Withdraw<CoherentMemory>((ulong*)(_pages + ChannelPage.WakeOffset));

    [Trusted(Safety = "The word is behind the ring of a page that is mapped while the channel is open.")]
    private unsafe void RingIfAsleep<TMemory>()
        where TMemory : ISharedMemory
    {
        if (_doorbell.MustRing<TMemory>((ulong*)(_pages + ImageLayout.PageSizeBytes + ChannelPage.WakeOffset)))
        {
            _ = _control.Ring();
        }
    }

    [Trusted(Safety = "The word is behind the ring of a page that is mapped while the channel is open.")]
    private unsafe bool PeerSleeps() =>
        _doorbell.MustRing<CoherentMemory>((ulong*)(_pages + ImageLayout.PageSizeBytes + ChannelPage.WakeOffset));
}
