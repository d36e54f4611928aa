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
            entry.Given--;
            Tell(ref scheduler, number, ChannelNews.Rang);
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
