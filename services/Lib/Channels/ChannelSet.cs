using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Many ends of channels, and waiting for any of them: looking for work costs as much as there are ends that have some, however many there are.</summary>
/// <remarks>
/// An end is <em>asleep</em>, and nobody looks at it: it was announced so, whoever sends rings, and the kernel lists it (<see cref="ChannelNotification"/>). Or it is <em>hot</em> and stands in a
/// line: it is looked at in turn, without the kernel, and found empty so many times it sleeps again. Two rules make it fair: who was looked at goes to the end of the line, and after so many
/// looks the kernel is asked for those that were rung meanwhile. One thread has a set. A need of kind <c>channel</c> with a <c>count</c>; a program has one.
/// A turn: <see cref="Next"/>, then receive from that end and send; when it says None, <see cref="Wait"/>.
/// </remarks>
[NonCopyable]
public struct ChannelSet
{
    /// <summary>Looks at an end that finds it empty before it sleeps again: what a ring costs both sides is worth some hundred looks.</summary>
    public const byte LooksBeforeSleep = 32;

    /// <summary>Looks after which the kernel is asked, if hot ends never come to rest.</summary>
    public const uint LooksBetweenQuestions = 64;

    private readonly MemoryRegion _memory;
    private readonly ChannelNotification _notification;
    private readonly uint _firstSlot;
    private readonly ulong _firstPages;
    private readonly uint _count;

    // The line of hot ends, and who had the last turn: one more than the place, 0 for nobody.
    private uint _first;
    private uint _last;
    private uint _hot;
    private uint _turn;
    private uint _looks;

    private ChannelSet(in GrantRecord first, uint count, MemoryRegion memory)
    {
        _memory = memory;
        _firstSlot = first.Slot;
        _firstPages = first.Argument;
        _notification = new ChannelNotification(first.Slot - 1);
        _count = count;
    }

    /// <summary>How many ends there are, open or not. 0: the system gives none.</summary>
    public readonly uint Count => _count;

    /// <summary>Address of the notification that all signal: that of the program's thread.</summary>
    public readonly ulong Notification => _notification.Address;

    /// <summary>Ends that are looked at.</summary>
    public readonly uint HotCount => _hot;

    /// <summary>An end: to receive, send, give and accept. <see cref="RingChannel.EndTurn"/> is the set's for the end that <see cref="Next"/> told last, and the program's for others.
    /// It opens, reopens and waits by the set only.</summary>
    /// <param name="end">Below <see cref="Count"/>; beyond, the program ends.</param>
    public readonly ref RingChannel this[uint end] => ref Place(end).Channel;

    /// <summary>Bytes of memory that a set takes.</summary>
    /// <param name="count">Its ends.</param>
    public static ulong BytesFor(uint count) => (ulong)count * ChannelSetPlace.SizeBytes;

    /// <summary>The ends that the system gives under a name. It costs no system call: the kernel has listed those that are open already.</summary>
    /// <param name="start">What the program finds.</param>
    /// <param name="name">Of a need of kind channel with a count.</param>
    /// <param name="memory">At least <see cref="BytesFor"/>, and nobody else's.</param>
    public static ChannelSet Of(in ProgramStart start, ReadOnlySpan<byte> name, MemoryRegion memory)
    {
        uint count = start.FindAll(name, out GrantRecord first);
        return count == 0 ? default : Of(in first, count, memory);
    }

    /// <summary>The ends of a grant.</summary>
    /// <param name="first">Of the first ends: slots and pages of all lie one behind the other.</param>
    /// <param name="count">How many there are in all.</param>
    /// <param name="memory">At least <see cref="BytesFor"/>, and nobody else's.</param>
    public static ChannelSet Of(in GrantRecord first, uint count, MemoryRegion memory)
    {
        ChannelSet set = new(in first, count, memory);
        for (uint end = 0; end < count; end++)
        {
            // The memory may be that of an earlier life.
            ref ChannelSetPlace place = ref set.Place(end);
            place.Channel = new RingChannel(first.Slot + end, first.Slot - 1, first.Argument + (end * ProgramInformation.ManyChannelsStride));
            place.Next = 0;
            place.News = 0;
            place.EmptyLooks = 0;
            place.IsHot = false;
            place.IsOver = false;
        }

        return set;
    }

    /// <summary>Finds the next end with something to do. The turn of the one before ends.</summary>
    /// <param name="end">Which, unless there is none.</param>
    public ChannelSetEvent Next(out uint end)
    {
        EndTurn();
        if (_hot == 0)
        {
            Collect();
        }

        // Each of those that are hot now has one look, and those that are rung meanwhile go behind them.
        for (uint left = _hot; left != 0; left--)
        {
            if (_looks == 0)
            {
                Collect();
            }

            _looks--;
            end = TakeFirst();
            ref ChannelSetPlace place = ref Place(end);
            ChannelSetEvent found = Look(ref place);
            if (place.IsHot)
            {
                AddLast(end, ref place);
            }

            if (found != ChannelSetEvent.None)
            {
                _turn = end + 1;
                return found;
            }
        }

        end = 0;
        return ChannelSetEvent.None;
    }

    /// <summary>Ends the turn of the end that <see cref="Next"/> told last: rings the other end if it sleeps and was sent something.</summary>
    public void EndTurn()
    {
        if (_turn != 0)
        {
            Place(_turn - 1).Channel.EndTurn();
            _turn = 0;
        }
    }

    /// <summary>Waits until an end has something to do.</summary>
    /// <param name="deadline">TSC value at which it ends.</param>
    /// <returns>False: the deadline came first.</returns>
    public bool Wait(ulong deadline = Deadline.Never)
    {
        while (TryRest())
        {
            SystemResult slept = Ipc.Receive(Notification, 0, out _, Deadline.Flags(deadline), deadline);
            Awake();
            if (slept == SystemResult.TimedOut && _hot == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says that this program waits elsewhere from now on, for whatever its notification is bound to: no end is hot any more.</summary>
    /// <returns>Whether it may wait: no end has anything.</returns>
    [MustUse]
    public bool TryRest()
    {
        EndTurn();
        for (uint left = _hot; left != 0; left--)
        {
            uint end = TakeFirst();
            ref ChannelSetPlace place = ref Place(end);
            if (place.News != 0 || !TrySleep(ref place))
            {
                AddLast(end, ref place);
                return false;
            }
        }

        Collect();
        return _hot == 0;
    }

    /// <summary>After <see cref="TryRest"/> and a wait: the ends that were rung are hot.</summary>
    public void Awake() => Collect();

    /// <summary>After Ended or Unavailable: asks for the channel anew. What was not received is lost.</summary>
    /// <param name="end">Which.</param>
    /// <returns>Done: it is asked for, and Opened or Unavailable follows. WouldBlock: it is not over.</returns>
    public ChannelResult Reopen(uint end)
    {
        ref ChannelSetPlace place = ref Place(end);
        if (!place.IsOver)
        {
            return ChannelResult.WouldBlock;
        }

        ChannelResult result = place.Channel.Reopen();
        place.IsOver = result != ChannelResult.Done;
        return result;
    }

    /// <summary>After Ended, and with the capability deleted: the place is free for another end, which enters the set as soon as it lies in the slot and signals the set's notification by that number.</summary>
    /// <param name="end">Which.</param>
    public void Vacate(uint end)
    {
        ref ChannelSetPlace place = ref Place(end);
        place.Channel = new RingChannel(_firstSlot + end, _notification.Address, _firstPages + (end * ProgramInformation.ManyChannelsStride));
        place.News = 0;
        place.EmptyLooks = 0;
        place.IsOver = false;
    }

    private readonly ref ChannelSetPlace Place(uint end) => ref _memory.Row<ChannelSetPlace>(end < _count ? end : uint.MaxValue);

    // What is to be done with the first of the line. It stays hot unless it sleeps again, is over, or is not open yet.
    private static ChannelSetEvent Look(ref ChannelSetPlace place)
    {
        if ((place.News & ChannelNews.Changed) != 0)
        {
            place.News &= unchecked((byte)~ChannelNews.Changed);
            if (!place.Channel.IsOpen)
            {
                return Open(ref place);
            }

            place.Channel.AskForPeer();
        }

        if ((place.News & ChannelNews.Given) != 0 && place.Channel.IsOpen)
        {
            place.News &= unchecked((byte)~ChannelNews.Given);
            return ChannelSetEvent.Given;
        }

        place.News = 0;
        if (place.Channel.HasMessage())
        {
            place.EmptyLooks = 0;
            return ChannelSetEvent.Message;
        }

        if (!place.Channel.IsOpen || place.Channel.IsPeerGone)
        {
            return End(ref place);
        }

        place.EmptyLooks++;
        place.IsHot = place.EmptyLooks < LooksBeforeSleep || !TrySleep(ref place);
        return ChannelSetEvent.None;
    }

    private static ChannelSetEvent Open(ref ChannelSetPlace place)
    {
        ChannelResult result = place.IsOver ? ChannelResult.WouldBlock : place.Channel.TryOpen();
        place.IsHot = result == ChannelResult.Done;
        place.IsOver |= result is not (ChannelResult.Done or ChannelResult.WouldBlock);
        if (place.IsHot)
        {
            return ChannelSetEvent.Opened;
        }

        return result == ChannelResult.WouldBlock ? ChannelSetEvent.None : ChannelSetEvent.Unavailable;
    }

    // A ring that came late may have made it hot once more.
    private static ChannelSetEvent End(ref ChannelSetPlace place)
    {
        bool isNews = place.Channel.IsOpen && !place.IsOver;
        place.IsHot = false;
        place.IsOver |= isNews;
        return isNews ? ChannelSetEvent.Ended : ChannelSetEvent.None;
    }

    // Who has heard nothing of its end must not sleep: nobody signals that twice.
    private static bool TrySleep(ref ChannelSetPlace place)
    {
        bool sleeps = (place.IsOver || !place.Channel.IsPeerGone) && place.Channel.TryRest();
        place.IsHot = !sleeps;
        place.EmptyLooks = 0;
        return sleeps;
    }

    // Bounded, because who is taken can be rung again meanwhile. The rest is there at the next question.
    private void Collect()
    {
        _looks = LooksBetweenQuestions;
        for (uint asked = 0; asked <= _count / ChannelNotification.TakenAtOnce; asked++)
        {
            if (_notification.TakeReady(out Message taken) != SystemResult.Ok)
            {
                return;
            }

            Heat(taken.Word0);
            Heat(taken.Word1);
            Heat(taken.Word2);
            Heat(taken.Word3);
            if (taken.Word3 == 0)
            {
                return;
            }
        }
    }

    // A number that is none of this set's comes from somebody else who may signal this notification: it names nothing here.
    private void Heat(ulong taken)
    {
        uint end = (uint)taken - _firstSlot;
        if (taken == 0 || end >= _count)
        {
            return;
        }

        ref ChannelSetPlace place = ref Place(end);
        place.News |= (byte)(taken >> ChannelNews.Shift);
        place.Channel.Rise();
        if (!place.IsHot)
        {
            place.IsHot = true;
            place.EmptyLooks = 0;
            AddLast(end, ref place);
        }
    }

    private uint TakeFirst()
    {
        uint end = _first - 1;
        _first = Place(end).Next;
        _last = _first == 0 ? 0 : _last;
        _hot--;
        return end;
    }

    private void AddLast(uint end, ref ChannelSetPlace place)
    {
        place.Next = 0;
        if (_last == 0)
        {
            _first = end + 1;
        }
        else
        {
            Place(_last - 1).Next = end + 1;
        }

        _last = end + 1;
        _hot++;
    }
}
