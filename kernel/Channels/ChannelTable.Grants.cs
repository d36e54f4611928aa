using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Sched;

namespace Atoll.Channels;

/// <content>Places for capabilities that are given over a channel.</content>
public partial struct ChannelTable
{
    /// <summary>A capability waits here no more: the other end may give another, and is rung.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">This end.</param>
    /// <param name="epoch">Which channel it was given over.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Credit(ref Scheduler scheduler, uint number, ulong epoch)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State == ChannelState.Open && entry.Epoch == epoch)
        {
            entry.Untold++;
            Ring(ref scheduler, number);
        }
    }

    /// <summary>A capability that this end has given was revoked before anybody heard of it.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">This end.</param>
    /// <param name="epoch">Which channel it was given over.</param>
    public void Return(ref Scheduler scheduler, uint number, ulong epoch)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State == ChannelState.Open && entry.Epoch == epoch)
        {
            // The other kernel may have said that it was taken.
            entry.Given -= entry.Given == 0 ? (byte)0 : (byte)1;
            entry.Passing = 0;
            Tell(ref scheduler, number, ChannelNews.Rang);
        }
    }

    /// <summary>What this end has given was offered to the other end: the next may be given. A program that was told to wait for that is told so.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">This end.</param>
    /// <param name="epoch">Which channel it was given over.</param>
    /// <param name="hasLeft">Whether there was room for the offer; if not, this is called again when there is.</param>
    public void Offered(ref Scheduler scheduler, uint number, ulong epoch, bool hasLeft)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State != ChannelState.Open || entry.Epoch != epoch)
        {
            return;
        }

        bool wasLate = entry.Passing == uint.MaxValue;
        entry.Passing = hasLeft ? 0 : uint.MaxValue;
        if (wasLate && hasLeft)
        {
            Tell(ref scheduler, number, ChannelNews.Rang);
        }
    }

    /// <summary>What this end has given of another instance's object is gone, and only the other end's kernel knows whether it ever came there: if not, that gives the place back.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">This end.</param>
    /// <param name="epoch">Which channel it was given over.</param>
    /// <param name="export">Its number.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Void(ref Scheduler scheduler, uint number, ulong epoch, uint export)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State == ChannelState.Open && entry.Epoch == epoch && entry.Passing == export + 1)
        {
            // The place is taken until the other end answers; the record is used again before.
            entry.Passing = uint.MaxValue;
            entry.Voids = entry.PassSerial;
            Ring(ref scheduler, number);
        }
    }

    /// <summary>A capability waits here: the program is told, unless the channel is not open yet. Then it is told when that opens.</summary>
    public void TellArrival(ref Scheduler scheduler, uint number)
    {
        if (this[number].State == ChannelState.Open)
        {
            Tell(ref scheduler, number, ChannelNews.Given);
        }
    }
}
