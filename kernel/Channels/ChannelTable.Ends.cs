using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Sched;

namespace Atoll.Channels;

/// <content>How a channel ends: what others say, and who is told.</content>
public partial struct ChannelTable
{
    /// <summary>The other end rings.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">From the other kernel.</param>
    /// <param name="from">Its core.</param>
    /// <param name="epoch">From the other kernel.</param>
    /// <param name="taken">From the other kernel: capabilities that its program has taken since the last ring.</param>
    /// <param name="voided">From the other kernel: one that was to come by way of its object's home, and will not; 0: none.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Rung(ref Scheduler scheduler, uint number, uint from, ulong epoch, uint taken, uint voided)
    {
        if (!IsOpen(number, from, epoch) || taken > this[number].Given)
        {
            Refused++;
            return;
        }

        ref ChannelEntry entry = ref this[number];
        if (taken != 0)
        {
            // What is given on is alone on its way; what has not left yet was not taken.
            entry.Given -= (byte)taken;
            entry.Passing = entry.Given == 0 ? 0 : entry.Passing;
        }

        if (voided > entry.LastPass)
        {
            // It has not come, and is refused should it come: its place is free.
            entry.LastPass = voided;
            entry.Untold++;
            Owe(number, ChannelDebts.Ring);
        }

        Tell(ref scheduler, number, ChannelNews.Rang);
    }

    /// <summary>The other end says that it is gone.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">From the other kernel.</param>
    /// <param name="from">Its core.</param>
    /// <param name="epoch">From the other kernel.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Parted(ref Scheduler scheduler, uint number, uint from, ulong epoch)
    {
        if (!IsOpen(number, from, epoch))
        {
            Refused++;
            return;
        }

        Die(ref scheduler, number);
    }

    /// <summary>Whoever makes channels says that the other end is gone. Nothing when the other kernel has said so before.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="number">From whoever makes channels.</param>
    /// <param name="epoch">Which channel.</param>
    public void PartedByMaker(ref Scheduler scheduler, uint number, ulong epoch)
    {
        if (number < _used && this[number].State == ChannelState.Open && this[number].Epoch == epoch)
        {
            Die(ref scheduler, number);
        }
    }

    /// <summary>A core is dead, or cannot be reached: so are the other ends there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void LosePeer(ref Scheduler scheduler, uint peer)
    {
        for (uint number = 0; number < _used; number++)
        {
            ref ChannelEntry entry = ref this[number];
            if (entry.Peer == peer && entry.State is ChannelState.Open or ChannelState.Leaving)
            {
                entry.Owes &= ~ChannelDebts.ToPeer;
            }

            if (entry.Peer == peer && entry.State == ChannelState.Open)
            {
                Die(ref scheduler, number);
            }
        }
    }

    /// <summary>Whoever makes channels is dead: nobody answers any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void LoseMaker(ref Scheduler scheduler)
    {
        for (uint number = 0; number < _used; number++)
        {
            this[number].Owes &= ~ChannelDebts.Release;
            if (IsAwaited(number))
            {
                Disown(ref scheduler, number);
            }
        }
    }

    /// <summary>The other kernel says that an end of its has no channel, whatever was said of it.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="from">Its core.</param>
    /// <param name="peerNumber">Number of that end there.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Disowned(ref Scheduler scheduler, uint from, uint peerNumber)
    {
        for (uint number = 0; number < _used; number++)
        {
            ref ChannelEntry entry = ref this[number];
            if (entry.State == ChannelState.Open && entry.Peer == from && entry.PeerNumber == peerNumber)
            {
                Die(ref scheduler, number);
            }
        }
    }

    // The other end may have been told of a channel that this one never hears of.
    private void Disown(ref Scheduler scheduler, uint number)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.Peer == _core)
        {
            Disowned(ref scheduler, _core, number);
        }
        else
        {
            Owe(number, ChannelDebts.Disown);
        }

        Refuse(ref scheduler, number);
    }

    private void Part(ref Scheduler scheduler, uint number, ref ChannelEntry entry)
    {
        if (entry.Peer == _core)
        {
            Parted(ref scheduler, entry.PeerNumber, _core, entry.Epoch);
            return;
        }

        Owe(number, ChannelDebts.Farewell);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Die(ref Scheduler scheduler, uint number)
    {
        ref ChannelEntry entry = ref this[number];
        entry.State = ChannelState.PeerDied;
        entry.Owes &= ~ChannelDebts.ToPeer;
        Tell(ref scheduler, number, ChannelNews.Changed);
    }
}
