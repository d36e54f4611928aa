using System;
using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>A program's end of the line to its stack: the channel, the places, and what the stack has told.</summary>
/// <remarks>What the stack tells is compared with what the program knows: it can say untrue things about the network, and never make the program touch anything outside of the area.</remarks>
[NonCopyable]
internal partial struct SocketLine
{
    // So long a program waits at most when something found no room in the ring: slots that come back ring nobody.
    private const ulong RetriesPerSecond = 1000;

    private const int RoomMax = 1 << 30;

    private RingChannel _channel;
    private MemoryRegion _area;
    private MemoryRegion _own;
    private HeldPlaces _held;
    private PlaceSet _ready;
    private PlaceSet _owing;

    // Who found no place for what it has to send, and how many had come back then.
    private PlaceSet _wanting;
    private uint _wantedAt;
    private ulong _retry;
    private uint _heldMask;
    private uint _returning;
    private uint _sent;
    private uint _taken;
    private uint _question;
    private ulong _answer;
    private ulong _answered;
    private int _last;
    private bool _hasAnswer;
    private bool _isBroken;

    private readonly ref SocketStates States => ref _own.As<SocketStates>();

    /// <summary>The line over a channel.</summary>
    internal static void Attach(ref SocketLine line, ref readonly GrantRecord channel, MemoryRegion area, MemoryRegion own, ulong tscHz)
    {
        line._channel = RingChannel.Of(in channel);
        line._area = area;
        line._own = own;
        line._retry = tscHz / RetriesPerSecond;
    }

    /// <summary>Begins a life: with a stack that is there, or comes until a time.</summary>
    internal static SocketResult Begin(ref SocketLine line, ulong deadline)
    {
        if (line._area.Length < SocketArea.Bytes || !line._channel.IsGiven)
        {
            return SocketResult.StackDead;
        }

        Clear(ref line);
        bool mayOpen = !line._channel.IsOpen || line._channel.Reopen() == ChannelResult.Done;
        return mayOpen && line._channel.Open(deadline) == ChannelResult.Done ? SocketResult.Done : SocketResult.StackDead;
    }

    /// <summary>A socket's state.</summary>
    internal static ref SocketState At(ref SocketLine line, int place) => ref line.States[place];

    /// <summary>Finds a socket that is open.</summary>
    internal readonly bool TryFind(Socket socket, out int place)
    {
        place = (int)SocketMessage.High(socket.Value) & (SocketStates.Count - 1);
        uint handle = SocketMessage.Low(socket.Value);
        return handle != 0 && States[place].Handle == handle && !States[place].IsGone;
    }

    /// <summary>The socket at a place.</summary>
    internal readonly Socket SocketAt(int place) => new(SocketMessage.Pair(States[place].Handle, (uint)place));

    /// <summary>Takes the next socket that something happened to.</summary>
    internal bool TryTakeReady(out int place)
    {
        bool isTaken = _ready.TryTake(ref _last);
        place = _last;
        return isTaken;
    }

    /// <summary>A place for something to send.</summary>
    /// <returns>False: the stack has all of them.</returns>
    internal readonly bool TryPlace(out Span<byte> bytes)
    {
        bool isFree = _sent - _taken < SocketArea.Places;
        bytes = isFree ? SocketArea.ToSend(_area, _sent) : default;
        return isFree;
    }

    /// <summary>Sends what is in the place that <see cref="TryPlace"/> gave.</summary>
    /// <returns>False: there is no room for the message.</returns>
    internal bool TrySendPlace(SocketRequest request, ulong word0, int length)
    {
        RingMessage message = SocketMessage.Of(request, word0, SocketMessage.Pair(_sent % SocketArea.Places, (uint)length));
        if (_channel.TrySend(in message) != ChannelResult.Done)
        {
            return false;
        }

        _sent++;
        return true;
    }

    /// <summary>Asks something, and waits for the answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="request">What.</param>
    /// <param name="word">About what. When the bytes of a place are meant, it is their length.</param>
    /// <param name="hasPlace">Whether it is about the bytes of a place.</param>
    /// <param name="answered">Done: what the answer is about.</param>
    internal static SocketResult Ask(ref SocketLine line, SocketRequest request, ulong word, bool hasPlace, out ulong answered)
    {
        answered = 0;
        line._question++;
        line._hasAnswer = false;
        RingMessage message = SocketMessage.Of(request, line._question, word);
        bool isAsked = false;
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && !line._hasAnswer)
        {
            isAsked = isAsked || (hasPlace
                ? line.TrySendPlace(request, line._question, (int)word)
                : line._channel.TrySend(in message) == ChannelResult.Done);
            result = Listen(ref line, isAsked ? Deadline.Never : Ipc.Now() + line._retry);
            result = result == SocketResult.WouldBlock && !isAsked ? SocketResult.Done : result;
        }

        answered = line._answered;
        return result == SocketResult.Done ? (SocketResult)(SocketAnswer)SocketMessage.High(line._answer) : result;
    }

    /// <summary>Hears what the stack has told; waits for it, if it has told nothing.</summary>
    /// <param name="line">The line.</param>
    /// <param name="deadline">Until when.</param>
    /// <returns>Done; WouldBlock: nothing came; StackDead, StackBroken.</returns>
    internal static SocketResult Listen(ref SocketLine line, ulong deadline)
    {
        Flush(ref line);
        SocketResult heard = Hear(ref line);
        if (heard != SocketResult.WouldBlock)
        {
            return heard;
        }

        ulong until = deadline;
        bool findsPlace = !line._wanting.IsEmpty && line.TryPlace(out _);
        if ((line._returning != 0 || !line._owing.IsEmpty || findsPlace) && deadline != 0)
        {
            ulong retry = Ipc.Now() + line._retry;
            until = retry < deadline ? retry : deadline;
        }

        if (until == 0)
        {
            line._channel.EndTurn();
            return SocketResult.WouldBlock;
        }

        ChannelResult waited = line._channel.Wait(until);
        line._wantedAt -= findsPlace ? 1u : 0;
        TellWanting(ref line);
        return waited == ChannelResult.PeerDied ? SocketResult.StackDead
            : waited is ChannelResult.Done or ChannelResult.PeerCorrupt ? Hear(ref line)
            : until == deadline ? SocketResult.WouldBlock : SocketResult.Done;
    }

    /// <summary>Waits until there is a place for something to send.</summary>
    internal static SocketResult AwaitPlace(ref SocketLine line)
    {
        SocketResult result = SocketResult.Done;
        while (result == SocketResult.Done && !line.TryPlace(out _))
        {
            result = Listen(ref line, Deadline.Never);
        }

        return result;
    }

    /// <summary>A socket found no room to send: it is told when there is some.</summary>
    internal static void WantRoom(ref SocketLine line, int place)
    {
        line._wanting.Add(place);
        line._wantedAt = line._taken;
    }

    /// <summary>A socket's next bytes.</summary>
    internal static ReadOnlySpan<byte> Received(ref SocketLine line, int place)
    {
        ref SocketState state = ref line.States[place];
        if (state.First == 0)
        {
            return default;
        }

        int held = state.First - 1;
        int length = line._held[held].Length - state.Read;
        return SocketArea.Received(line._area, (uint)held).Slice(state.Read, length);
    }

    /// <summary>So many of a socket's next bytes were read: all of the place, and it goes back.</summary>
    internal static void Consume(ref SocketLine line, int place, int count)
    {
        ref SocketState state = ref line.States[place];
        state.Read += count;
        int held = state.First - 1;
        if (held >= 0 && state.Read >= line._held[held].Length)
        {
            Unlink(ref line, ref state, line._held[held].Length);
        }
    }

    /// <summary>What nobody has read goes back: the stack keeps it, and no other socket waits for the place.</summary>
    /// <remarks>Datagrams stay: who does not read those is told of them again.</remarks>
    internal static void ReturnUnread(ref SocketLine line)
    {
        for (uint left = line._heldMask; left != 0; left &= left - 1)
        {
            int place = line._held[BitOperations.TrailingZeroCount(left)].Socket;
            ref SocketState state = ref line.States[place];
            if (state.IsConnection)
            {
                Drop(ref line, place);
                state.IsPaused = true;
                state.Ended = state.HasFailed ? state.Ended : SocketAnswer.Done;
            }
            else
            {
                line._ready.Add(place);
            }
        }
    }

    /// <summary>A socket's bytes that nobody reads go back.</summary>
    internal static void Drop(ref SocketLine line, int place)
    {
        ref SocketState state = ref line.States[place];
        while (state.First != 0)
        {
            Unlink(ref line, ref state, state.Read);
        }
    }

    /// <summary>The stack is to be told something of a socket, as soon as there is room. What ends it takes the place of what was owed before.</summary>
    internal static void Owe(ref SocketLine line, int place, SocketRequest request)
    {
        ref SocketState state = ref line.States[place];
        state.OwesResume |= request == SocketRequest.Resume;
        state.Owes = request == SocketRequest.Resume ? state.Owes : request;
        line._owing.Add(place);
    }

    /// <summary>The program gives a socket up, in one way or another.</summary>
    internal static void Forget(ref SocketLine line, int place, SocketRequest request)
    {
        Drop(ref line, place);
        line.States[place].IsGone = true;
        Owe(ref line, place, request);
    }

    // What goes back, then what is owed: who closes has read what it has read.
    private static void Flush(ref SocketLine line)
    {
        while (line._returning != 0)
        {
            int held = BitOperations.TrailingZeroCount(line._returning);
            RingMessage message = SocketMessage.Of(SocketRequest.Read, (uint)held, line._held[held].Consumed);
            if (line._channel.TrySend(in message) != ChannelResult.Done)
            {
                return;
            }

            line._returning &= line._returning - 1;
        }

        int place = SocketStates.Count;
        while (line._owing.TryTake(ref place))
        {
            if (!TryPay(ref line, ref line.States[place]))
            {
                line._owing.Add(place);
                return;
            }
        }
    }

    private static bool TryPay(ref SocketLine line, ref SocketState state)
    {
        while (state.Owes != SocketRequest.None || state.OwesResume)
        {
            RingMessage message = SocketMessage.Of(state.OwesResume ? SocketRequest.Resume : state.Owes, state.Handle);
            if (line._channel.TrySend(in message) != ChannelResult.Done)
            {
                return false;
            }

            state.Owes = state.OwesResume ? state.Owes : SocketRequest.None;
            state.OwesResume = false;
        }

        if (state.IsGone)
        {
            state = default;
        }

        return true;
    }

    // What was known of an earlier stack is over.
    private static void Clear(ref SocketLine line)
    {
        line._own.Bytes.Clear();
        line._ready = default;
        line._owing = default;
        line._wanting = default;
        line._heldMask = 0;
        line._returning = 0;
        line._sent = 0;
        line._taken = 0;
        line._isBroken = false;
    }

    private static void Unlink(ref SocketLine line, ref SocketState state, int consumed)
    {
        int held = state.First - 1;
        state.First = line._held[held].Next;
        state.Last = state.First == 0 ? (byte)0 : state.Last;
        state.Read = 0;
        state.Position -= (uint)(line._held[held].Length - consumed);
        line._held[held].Consumed = (ushort)consumed;
        line._heldMask &= ~(1u << held);
        line._returning |= 1u << held;
    }
}
