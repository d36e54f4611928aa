using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <summary>Who listens and who calls on a core, and what of it the directory has heard.</summary>
/// <remarks>
/// No end may wait for one that never comes. So the caller's end is kept here until the directory says how it ended, and the server is given an end that is open: from then on
/// the death of either is told to the other by the kernels. Whatever breaks before, the ends on both sides are given up.
/// </remarks>
[NonCopyable]
public partial struct BoardState
{
    /// <summary>Most connections that a server says it has room for.</summary>
    public const ulong RoomMax = 4096;

    /// <summary>Most calls of one program that are under way at a time: it leaves places for others.</summary>
    public const uint CallsOfOne = DirectoryLimits.Calls / 2;

    private const ulong PlaceMask = (1 << DirectoryLimits.ListenerBits) - 1;

    private Listeners _listeners;
    private Calls _calls;
    private Arrivals _arrivals;
    private ClientEnds _ends;
    private ulong _lives;

    /// <summary>Whether the directory can be talked to.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>Whether anything waits for the server of a line to take what it was given.</summary>
    public readonly bool HasArrivals
    {
        get
        {
            for (int index = 0; index < DirectoryLimits.Arrivals; index++)
            {
                if (_arrivals[index].Stage == ArrivalStage.Made)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Connections that are under way here, of either side.</summary>
    public readonly uint UnderWay
    {
        get
        {
            uint count = 0;
            for (int index = 0; index < DirectoryLimits.Calls; index++)
            {
                count += _calls[index].Stage == CallStage.Free ? 0u : 1;
            }

            for (int index = 0; index < DirectoryLimits.Arrivals; index++)
            {
                count += _arrivals[index].Stage == ArrivalStage.Free ? 0u : 1;
            }

            return count;
        }
    }

    /// <summary>Whether somebody listens at a place.</summary>
    public readonly bool Listens(uint listener) => _listeners[(int)listener].Stage == ListenerStage.Live;

    /// <summary>The place of an arrival.</summary>
    public static uint PlaceOf(int arrival) => (uint)(DirectoryLimits.Calls + arrival);

    /// <summary>Somebody wants to listen, and may. Who listened under the name before and is gone does so no more.</summary>
    /// <returns>Done: answered with its line. Else there is none.</returns>
    public ConnectAnswer Listen<[AllowLinear] TBoard>(ref TBoard board, in NameWords name, ulong key)
        where TBoard : struct, IBoard
    {
        LookAtLines(ref board);
        int free = DirectoryLimits.Listeners;
        for (int index = DirectoryLimits.Listeners - 1; index >= 0; index--)
        {
            ref readonly Listener other = ref _listeners[index];
            free = other.Stage == ListenerStage.Free ? index : free;
            if (other.Stage == ListenerStage.Live && other.Name.Is(in name))
            {
                return ConnectAnswer.Taken;
            }
        }

        if (free == DirectoryLimits.Listeners)
        {
            return ConnectAnswer.Busy;
        }

        if (!board.TryMakeLine((uint)free))
        {
            return ConnectAnswer.NoEnds;
        }

        ref Listener listener = ref _listeners[free];
        listener.Name = name;
        listener.Key = key;
        listener.Room = 0;
        listener.Word = (++_lives << DirectoryLimits.ListenerBits) | (uint)free;
        listener.Stage = ListenerStage.Live;
        listener.OwesWord = true;
        board.AnswerListener((uint)free);
        return ConnectAnswer.Done;
    }

    /// <summary>Somebody calls.</summary>
    /// <param name="board">Its kernel and clients.</param>
    /// <param name="name">Whom.</param>
    /// <param name="key">What it wants to speak.</param>
    /// <param name="core">On which core; <see cref="ConnectCore.Any"/>.</param>
    /// <param name="badge">Its badge.</param>
    /// <param name="quota">How many connections it may have, with those that are under way.</param>
    /// <param name="call">Its place: it is answered by that.</param>
    /// <returns>Done: it is answered later. Else it is not.</returns>
    public ConnectAnswer Connect<[AllowLinear] TBoard>(ref TBoard board, in NameWords name, ulong key, uint core, ulong badge, uint quota, out uint call)
        where TBoard : struct, IBoard
    {
        ConnectAnswer may = May(ref board, badge, quota, out call);
        if (may != ConnectAnswer.Done)
        {
            return may;
        }

        ref Call wish = ref _calls[(int)call];
        wish.Name = name;
        wish.Key = key;
        wish.Badge = badge;
        wish.Core = core;
        wish.Connection = 0;
        wish.Stage = CallStage.ToAsk;
        return ConnectAnswer.Done;
    }

    // Whether a program may call, and the place for it.
    private ConnectAnswer May<[AllowLinear] TBoard>(ref TBoard board, ulong badge, uint quota, out uint call)
        where TBoard : struct, IBoard
    {
        call = DirectoryLimits.Calls;
        uint own = 0;
        uint all = 0;
        for (uint index = 0; index < DirectoryLimits.Calls; index++)
        {
            bool isFree = _calls[(int)index].Stage == CallStage.Free;
            call = isFree ? index : call;
            all += isFree ? 0u : 1;
            own += !isFree && _calls[(int)index].Badge == badge ? 1u : 0;
        }

        return !IsJoined ? ConnectAnswer.Unavailable
            : !HasQuota(ref board, badge, quota, own) ? ConnectAnswer.QuotaSpent
            : own == CallsOfOne || call == DirectoryLimits.Calls ? ConnectAnswer.Busy
            : CanRemember(ref board, all) ? ConnectAnswer.Done
            : ConnectAnswer.NoEnds;
    }

    // The kernel is asked only when it matters.
    private bool HasQuota<[AllowLinear] TBoard>(ref TBoard board, ulong badge, uint quota, uint underWay)
        where TBoard : struct, IBoard
    {
        if (_ends.CountOf(badge) + underWay >= quota)
        {
            _ends.Forget(ref board, badge);
        }

        return _ends.CountOf(badge) + underWay < quota;
    }

    // Whatever is under way may become one.
    private bool CanRemember<[AllowLinear] TBoard>(ref TBoard board, uint underWay)
        where TBoard : struct, IBoard
    {
        if (_ends.Count + underWay >= ClientEnds.Most)
        {
            _ends.Forget(ref board);
        }

        return _ends.Count + underWay < ClientEnds.Most;
    }

    /// <summary>Looks at lines and ends: servers that are gone, room that there is, ends that are open.</summary>
    public void Turn<[AllowLinear] TBoard>(ref TBoard board)
        where TBoard : struct, IBoard
    {
        LookAtLines(ref board);
        for (int index = 0; index < DirectoryLimits.Arrivals; index++)
        {
            if (_arrivals[index].Stage == ArrivalStage.Made)
            {
                LookAtArrival(ref board, index);
            }
        }
    }

    private void LookAtLines<[AllowLinear] TBoard>(ref TBoard board)
        where TBoard : struct, IBoard
    {
        for (int index = 0; index < DirectoryLimits.Listeners; index++)
        {
            LineLook look = LineLook.Room;
            while (_listeners[index].Stage == ListenerStage.Live && look == LineLook.Room)
            {
                look = board.LookAtLine((uint)index, out ulong room);
                if (look == LineLook.Gone)
                {
                    Close(ref board, index);
                }
                else if (look == LineLook.Room)
                {
                    ref Listener listener = ref _listeners[index];
                    listener.Room = room > RoomMax - listener.Room ? RoomMax : listener.Room + room;
                }
            }
        }
    }

    private void Close<[AllowLinear] TBoard>(ref TBoard board, int index)
        where TBoard : struct, IBoard
    {
        ref Listener listener = ref _listeners[index];
        board.DropLine((uint)index);

        // Who has not heard of it need not hear that it is over; a life that was not announced may have followed one that was.
        listener.Stage = IsJoined ? ListenerStage.Closing : ListenerStage.Free;
        listener.OwesWord = IsJoined;
    }

    private void LookAtArrival<[AllowLinear] TBoard>(ref TBoard board, int index)
        where TBoard : struct, IBoard
    {
        if (!IsListening(_arrivals[index].Listener, out int at))
        {
            End(ref board, index, ConnectAnswer.ServerGone);
            return;
        }

        switch (board.Look(PlaceOf(index)))
        {
            case EndLook.Over:
                // Nobody has come, so its room is free again.
                _listeners[at].Room++;
                End(ref board, index, ConnectAnswer.ServerGone);
                break;
            case EndLook.Open:
                Give(ref board, index, at);
                break;
        }
    }

    private void Give<[AllowLinear] TBoard>(ref TBoard board, int index, int listener)
        where TBoard : struct, IBoard
    {
        switch (board.TryGive((uint)listener, PlaceOf(index), in _arrivals[index]))
        {
            case GiveOutcome.Given:
                Tell(index, ConnectAnswer.Done);
                break;
            case GiveOutcome.Broken:
                Close(ref board, listener);
                End(ref board, index, ConnectAnswer.ServerGone);
                break;
        }
    }

    private void End<[AllowLinear] TBoard>(ref TBoard board, int index, ConnectAnswer answer)
        where TBoard : struct, IBoard
    {
        board.Drop(PlaceOf(index));
        Tell(index, answer);
    }

    private void Tell(int index, ConnectAnswer answer)
    {
        _arrivals[index].Answer = answer;
        _arrivals[index].Stage = IsJoined ? ArrivalStage.ToTell : ArrivalStage.Free;
    }

    private readonly bool IsListening(ulong word, out int at)
    {
        at = (int)(word & PlaceMask);
        return at < DirectoryLimits.Listeners && _listeners[at].Stage == ListenerStage.Live && _listeners[at].Word == word;
    }

    [InlineArray(DirectoryLimits.Listeners)]
    private struct Listeners
    {
        private Listener _first;
    }

    [InlineArray(DirectoryLimits.Calls)]
    private struct Calls
    {
        private Call _first;
    }

    [InlineArray(DirectoryLimits.Arrivals)]
    private struct Arrivals
    {
        private Arrival _first;
    }
}
