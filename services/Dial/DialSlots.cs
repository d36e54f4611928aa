using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Dial;

/// <summary>What the program has been given, and where it keeps what it gets.</summary>
internal readonly struct DialSlots
{
    /// <summary>Connections of a server at a time.</summary>
    internal const uint Ends = 16;

    /// <summary>Place of the first end's rings; before are those of two lines.</summary>
    internal const uint FirstPlace = 2;

    private const ulong Bit = 1;
    private const ulong PausesPerSecond = 2000;

    private readonly ulong _pause;

    /// <summary>Finds them, and makes the notification.</summary>
    /// <param name="start">What the program was given.</param>
    /// <param name="slots">Its free slots.</param>
    internal DialSlots(in ProgramStart start, in GrantRecord slots)
    {
        _pause = start.TscHz / PausesPerSecond;
        Space = start.Find("space"u8);
        Connect = start.Find("connect"u8);
        Core = start.Core;
        Cores = start.Cores;
        Node = new CNodeTable(slots.Slot);
        uint first = slots.Slot + 1 + Inbox.Slots;
        Bell = first + 2;
        Notification = first + 3;
        bool isMade = new UntypedMemory(start.Find("own"u8)).RetypeAll(CapabilityType.Notification, Node, Notification) == SystemResult.Ok
            && Node.Mint(Bell, Node, Notification, CapabilityRights.Write, Bit) == SystemResult.Ok;
        if (!isMade)
        {
            ProgramExit.End(1);
        }
    }

    /// <summary>Its CNode.</summary>
    internal CNodeTable Node { get; }

    /// <summary>Slot of its address space.</summary>
    internal uint Space { get; }

    /// <summary>Slot of the endpoint of its switchboard.</summary>
    internal uint Connect { get; }

    /// <summary>Slot of what ends signal.</summary>
    internal uint Bell { get; }

    /// <summary>Slot of what it waits for. The slots behind it are for ends.</summary>
    internal uint Notification { get; }

    /// <summary>Its core.</summary>
    internal uint Core { get; }

    /// <summary>Cores of the machine.</summary>
    internal uint Cores { get; }

    /// <summary>Where an end sits.</summary>
    internal ChannelSeat Seat(uint place) => new(Space, Notification, Bell, place);

    /// <summary>Waits a little.</summary>
    internal void Pause()
    {
        ulong until = Ipc.Now() + _pause;
        _ = Ipc.Receive(Notification, 0, out _, Deadline.Flags(until), until);
    }

    /// <summary>Begins to listen, as soon as that is possible.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="slot">Where the line goes; what is in it ends.</param>
    /// <param name="place">Where the line's rings go.</param>
    /// <param name="line">The line.</param>
    internal void Listen(System.ReadOnlySpan<byte> name, ref OwnSlot slot, uint place, out RingChannel line)
    {
        while (true)
        {
            slot.Clear();
            CallResult called = new ConnectClient(Connect).Listen(name, DialMessage.Key, ref slot, out ChannelControl given, out ConnectAnswer answer);
            if (called == CallResult.Ok && answer == ConnectAnswer.Done && Seat(place).Take(given.Address, 0, out line) == SystemResult.Ok
                && line.Open() == ChannelResult.Done)
            {
                return;
            }

            Pause();
        }
    }
}
