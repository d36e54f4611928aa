using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Machine;

/// <summary>A program's end of a channel, with kernel and other end played word by word (docs/channels.md, "Memory"; <see cref="RingSlot"/>). The other end sleeps always, so it is rung whenever it would be.</summary>
internal sealed class FakeChannel
{
    private const int Slots = 32;
    private const int PageWords = 512;
    private const int SlotWords = 8;
    private const int HeaderAt = 7;
    private const int WakeAt = 256;

    private readonly MemoryRegion _pages = HostRegion.Make(2 * PageWords * sizeof(ulong));
    private uint _said;
    private uint _heard;
    private ulong _rung;

    /// <summary>What the system tells of it.</summary>
    public GrantRecord Grant(uint slot, ulong bit) => new() { Kind = GrantKind.Channel, Slot = slot, Argument = HostRegion.AddressOf(_pages), Badge = bit };

    /// <summary>How it is.</summary>
    public ChannelState State { get; set; } = ChannelState.Asking;

    /// <summary>How often the program has rung.</summary>
    public int Rings { get; private set; }

    /// <summary>Capabilities that the other end has given, and nobody has taken.</summary>
    public Queue<Capability> Given { get; } = [];

    /// <summary>The program asks for another.</summary>
    public Action OnReopen { get; set; } = () => { };

    /// <summary>Whether the program wants to be rung.</summary>
    public bool IsProgramAsleep => (_pages.LongWords[WakeAt] & 1) == 1;

    private ulong Epoch { get; set; }

    /// <summary>Whether the program is to be rung: it sleeps, and was not rung for that.</summary>
    public bool TryRing()
    {
        ulong wake = _pages.LongWords[WakeAt];
        bool rings = (wake & 1) == 1 && wake != _rung;
        _rung = rings ? wake : _rung;
        return rings;
    }

    /// <summary>A channel opens: both rings are empty.</summary>
    public void Open()
    {
        State = ChannelState.Open;
        Epoch++;
        _said = 0;
        _heard = 0;
        _rung = 0;
        Given.Clear();
        _pages.LongWords.Clear();
        for (int slot = 0; slot < Slots; slot++)
        {
            _pages.LongWords[(slot * SlotWords) + HeaderAt] = (ulong)slot;
            _pages.LongWords[PageWords + (slot * SlotWords) + HeaderAt] = (ulong)slot;
        }

        _pages.LongWords[PageWords + WakeAt] = 1;
    }

    /// <summary>The other end says something.</summary>
    public void Say(uint meta, params ulong[] words)
    {
        Span<ulong> slot = _pages.LongWords.Slice((int)(_said % Slots) * SlotWords, SlotWords);
        words.CopyTo(slot);
        slot[HeaderAt] = (++_said) | ((ulong)meta << 32);
    }

    /// <summary>The other end hears something; 0: nothing.</summary>
    public uint Hear(out ulong first, out ulong second)
    {
        bool isHeard = TryHear(out RingMessage message);
        (first, second) = (message.Payload.Word0, message.Payload.Word1);
        return isHeard ? message.Meta : 0;
    }

    /// <summary>The other end hears something, all of it.</summary>
    public bool TryHear(out RingMessage message)
    {
        Span<ulong> slot = _pages.LongWords.Slice(PageWords + ((int)(_heard % Slots) * SlotWords), SlotWords);
        message = MemoryMarshal.Cast<ulong, RingMessage>(slot)[0];
        message.Meta = (uint)(slot[HeaderAt] >> 32);
        if ((uint)slot[HeaderAt] != _heard + 1)
        {
            return false;
        }

        slot[HeaderAt] = _heard++ + Slots;
        return true;
    }

    /// <summary>What the kernel does.</summary>
    public SystemResult Do(ref CallFrame frame, ServiceMachine machine)
    {
        switch ((ChannelOperation)new MessageHeader(frame.Header).Label)
        {
            case ChannelOperation.Describe:
                (frame.Word0, frame.Word1, frame.Word3) = ((ulong)State, Epoch, 1);
                return SystemResult.Ok;
            case ChannelOperation.Ring:
                Rings++;
                _pages.LongWords[PageWords + WakeAt] += 2;
                return SystemResult.Ok;
            case ChannelOperation.Accept when Given.Count == 0:
                return SystemResult.WouldBlock;
            case ChannelOperation.Accept:
                machine.Put(frame.Word3, Given.Dequeue());
                return SystemResult.Ok;
            case ChannelOperation.Reopen when State == ChannelState.PeerDied:
                State = ChannelState.Asking;
                OnReopen();
                return SystemResult.Ok;
            default:
                return SystemResult.WrongState;
        }
    }
}
