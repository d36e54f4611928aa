using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>The driver as the stack knows it: attached, or not there.</summary>
public struct Driver
{
    private const uint WakeSlot = 1;
    private const ulong WakeBit = 1;

    // How long a driver may take to answer, and how often one that does not is asked again.
    private const ulong AnswerPerSecond = 5;

    private CNodeTable _node;
    private uint _first;
    private uint _link;
    private ulong _patience;
    private ulong _nextTry;

    /// <summary>Slots that it needs: a notification and its badge.</summary>
    public const uint SlotsNeeded = 2;

    /// <summary>Whether a driver is attached.</summary>
    public bool IsAttached { get; private set; }

    /// <summary>When to try again; <see cref="Deadline.Never"/>: no driver is missing.</summary>
    public readonly ulong NextTry => IsAttached ? Deadline.Never : _nextTry;

    /// <summary>A driver that is called through a slot.</summary>
    /// <param name="node">The program's own CNode.</param>
    /// <param name="first">The first of its slots.</param>
    /// <param name="link">Slot of the channel.</param>
    /// <param name="patience">Ticks of the time-stamp counter that it may take to answer.</param>
    public static Driver Of(CNodeTable node, uint first, uint link, ulong patience) =>
        new() { _node = node, _first = first, _link = link, _patience = patience };

    /// <summary>Begins: makes the notification, and binds it to the thread in place of Init's.</summary>
    /// <param name="start">What the program was given.</param>
    /// <param name="node">Its own CNode.</param>
    /// <param name="first">The first of its slots.</param>
    public SystemResult Begin(in ProgramStart start, CNodeTable node, uint first)
    {
        this = Of(node, first, start.Find("link"u8), start.TscHz / AnswerPerSecond);
        ThreadControl thread = new(start.Find("thread"u8));
        SystemResult result = new UntypedMemory(start.Find("own"u8)).RetypeAll(CapabilityType.Notification, node, first);
        result = result == SystemResult.Ok ? node.Mint(first + WakeSlot, node, first, CapabilityRights.Write, WakeBit) : result;
        result = result == SystemResult.Ok ? thread.UnbindNotification() : result;
        return result == SystemResult.Ok ? thread.BindNotification(first) : result;
    }

    /// <summary>Attaches.</summary>
    /// <param name="doorbell">The slot for the driver's doorbell.</param>
    /// <param name="station">The device's Ethernet address.</param>
    /// <returns>False: there is none that answers, for now.</returns>
    public bool TryAttach(ref OwnSlot doorbell, out ulong station)
    {
        doorbell.Clear();
        ulong until = Ipc.Now() + _patience;
        _nextTry = until;
        LinkClient link = new(_link, until);
        CallResult told = link.Attach(new SignalWord(_first + WakeSlot), out station, ref doorbell, out SignalWord bell, out LinkAnswer answer);
        IsAttached = told == CallResult.Ok && answer == LinkAnswer.Done && bell.Address != 0;
        return IsAttached;
    }

    /// <summary>Tells the driver that there is something in the rings.</summary>
    public void Ring(ref readonly OwnSlot doorbell)
    {
        if (IsAttached && new SignalWord(doorbell.Address).Signal() != SystemResult.Ok)
        {
            Lose();
        }
    }

    /// <summary>Looks whether the driver lives: its doorbell goes with it.</summary>
    public void Look(ref readonly OwnSlot doorbell)
    {
        if (IsAttached && (_node.Describe((uint)doorbell.Address, out CapabilityType type, out _) != SystemResult.Ok || type != CapabilityType.Notification))
        {
            Lose();
        }
    }

    private void Lose()
    {
        IsAttached = false;
        _nextTry = Ipc.Now();
    }
}
