using Atoll.Abi;

namespace Atoll.Services.Tests.Lib.Sets;

/// <summary>The other end of a channel, and what the kernel of the program under test knows of this one: played word by word (docs/channels.md, "Memory").</summary>
/// <param name="pages">Two pages: what the program receives from, and what it sends to.</param>
internal sealed unsafe class PlayedEnd(byte* pages)
{
    private const int WakeOffset = 2048;
    private const uint Slots = 32;

    private uint _position;
    private uint _taken;
    private ulong _lastRung;
    private bool _hasSent;

    /// <summary>Where the kernel believes the channel to be in its life.</summary>
    public ChannelState State { get; set; } = ChannelState.Asking;

    /// <summary>Which channel it is.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Whether the program at the other end lives, and has this channel.</summary>
    public bool Lives { get; private set; }

    /// <summary>Messages that were sent over this channel.</summary>
    public ulong Sent { get; private set; }

    /// <summary>What is on its way to the program's kernel, in order: <see cref="ChannelNews"/>, and of which channel.</summary>
    public Queue<(byte News, ulong Epoch)> UnderWay { get; } = [];

    /// <summary>Whether the kernel lists it, and why.</summary>
    public byte News { get; set; }

    private ref RingSlot Received(uint position) => ref ((RingSlot*)pages)[position % Slots];

    private ref RingSlot Replied(uint position) => ref ((RingSlot*)(pages + 4096))[position % Slots];

    private ulong Wake => Volatile.Read(ref *(ulong*)(pages + WakeOffset));

    /// <summary>The channel is made anew.</summary>
    public void Open(ulong epoch)
    {
        new Span<byte>(pages, 8192).Clear();
        for (uint number = 0; number < Slots; number++)
        {
            Received(number).Sequence = number;
            Replied(number).Sequence = number;
        }

        (_position, _taken, _lastRung, _hasSent, Sent) = (0, 0, 0, false, 0);
        (Epoch, Lives, State) = (epoch, true, ChannelState.Open);
    }

    /// <summary>Puts a message into the ring: its number. The program is not rung.</summary>
    public bool TrySend()
    {
        ref RingSlot slot = ref Received(_position);
        if (!Lives || slot.Sequence != _position)
        {
            return false;
        }

        slot.Payload.Word0 = Sent++;
        slot.Payload.Word1 = Epoch;
        Volatile.Write(ref slot.Header, ++_position);
        _hasSent = true;
        return true;
    }

    /// <summary>Ends the turn: a fence, and a ring if the program says that it sleeps.</summary>
    public void EndTurn()
    {
        if (!Lives || !_hasSent)
        {
            return;
        }

        _hasSent = false;
        Thread.MemoryBarrier();
        ulong wake = Wake;
        if ((wake & 1) == 1 && wake != _lastRung)
        {
            _lastRung = wake;
            UnderWay.Enqueue((ChannelNews.Rang, Epoch));
        }
    }

    /// <summary>Gives a capability, or rings for no reason: as a program may at any time.</summary>
    public void Ring(byte news)
    {
        if (Lives)
        {
            UnderWay.Enqueue((news, Epoch));
        }
    }

    /// <summary>Dies, whatever it has sent and not rung for.</summary>
    public void Die()
    {
        if (Lives)
        {
            Lives = false;
            UnderWay.Enqueue((ChannelNews.Changed, Epoch));
        }
    }

    /// <summary>Takes the program's answers.</summary>
    public int TakeAnswers()
    {
        int taken = 0;
        while (Lives && (uint)Volatile.Read(ref Replied(_taken).Header) == _taken + 1)
        {
            Volatile.Write(ref Replied(_taken).Sequence, _taken + Slots);
            _taken++;
            taken++;
        }

        return taken;
    }
}
