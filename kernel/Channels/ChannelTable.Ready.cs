using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Channels;

/// <content>Which ends have signalled a notification: a list at it, so that a program with thousands of ends looks only at those that are ready.</content>
/// <remarks>
/// An end stands in the list of the notification that it signals, once, however often it signals, and until it is taken. It leaves the list with its program, and when
/// it signals another; the list ends with the notification. So the numbers are those of living ends, and nothing grows.
/// </remarks>
public partial struct ChannelTable
{
    /// <summary>Takes the first end that is ready.</summary>
    /// <returns>By which number its program knows it, and why it is ready; 0: none is.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly ulong TakeReady(ref readonly Notification told)
    {
        if (told.FirstReady == 0)
        {
            return 0;
        }

        ref ChannelEntry entry = ref this[(uint)told.FirstReady - 1];
        ulong taken = entry.Listed | ((ulong)entry.News << ChannelNews.Shift);
        Unlist(ref entry);
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Tell(ref Scheduler scheduler, uint number, byte news)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.Notification.IsNull)
        {
            return;
        }

        if (entry.Listed != 0)
        {
            List(number, ref entry);
            entry.News |= news;
        }

        Notifications.Signal(ref scheduler, entry.Notification, news == ChannelNews.Changed ? entry.Badge | ChannelNews.ChangedBit : entry.Badge);
    }

    // Behind all others: who is ready first is taken first.
    private readonly void List(uint number, ref ChannelEntry entry)
    {
        if (entry.News != 0)
        {
            return;
        }

        ref Notification told = ref entry.Notification.Value;
        entry.NextReady = 0;
        entry.PreviousReady = told.LastReady;
        NextOf(ref told, told.LastReady) = (ushort)(number + 1);
        told.LastReady = (ushort)(number + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Unlist(ref ChannelEntry entry)
    {
        if (entry.News == 0)
        {
            return;
        }

        ref Notification told = ref entry.Notification.Value;
        entry.News = 0;
        NextOf(ref told, entry.PreviousReady) = entry.NextReady;
        PreviousOf(ref told, entry.NextReady) = entry.PreviousReady;
    }

    // The notification is before the first and behind the last.
    private readonly ref ushort NextOf(ref Notification told, uint place) => ref place == 0 ? ref told.FirstReady : ref this[place - 1].NextReady;

    private readonly ref ushort PreviousOf(ref Notification told, uint place) => ref place == 0 ? ref told.LastReady : ref this[place - 1].PreviousReady;
}
