using System;
using System.Numerics;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>A program's end of the line to its stack: the channel, the places, and what the stack has told.</summary>
/// <remarks>What the stack tells is compared with what the program knows: it can say untrue things about the network, and never make the program touch anything outside of the area.</remarks>
[NonCopyable]
internal struct SocketLine
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
            : waited == ChannelResult.Done ? Hear(ref line)
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

    // All that is there: Done, if it was anything.
    private static SocketResult Hear(ref SocketLine line)
    {
        SocketResult result = SocketResult.WouldBlock;
        while (!line._isBroken)
        {
            ChannelResult received = line._channel.TryReceive(out RingMessage message);
            if (received != ChannelResult.Done)
            {
                return received == ChannelResult.PeerDied && result == SocketResult.WouldBlock ? SocketResult.StackDead : result;
            }

            line._isBroken = !TakeCount(ref line, in message) || !Take(ref line, in message);
            result = SocketResult.Done;
        }

        return SocketResult.StackBroken;
    }

    // A place has come back: who wanted one is told.
    private static void TellWanting(ref SocketLine line)
    {
        int place = SocketStates.Count;
        while (line._taken != line._wantedAt && line._wanting.TryTake(ref place))
        {
            line._ready.Add(place);
        }
    }

    private static bool TakeCount(ref SocketLine line, ref readonly RingMessage message)
    {
        uint taken = (uint)message.Payload.Word6;
        bool isPossible = taken - line._taken <= line._sent - line._taken;
        line._taken = isPossible ? taken : line._taken;
        TellWanting(ref line);
        return isPossible;
    }

    // False: no stack says that.
    private static bool Take(ref SocketLine line, ref readonly RingMessage message)
    {
        ulong word0 = message.Payload.Word0;
        ulong word1 = message.Payload.Word1;
        switch ((SocketNotice)message.Meta)
        {
            case SocketNotice.Answer:
                return TakeAnswer(ref line, in message);
            case SocketNotice.Accepted:
                return TakeCaller(ref line, in message);
            case SocketNotice.Data:
                return TakeData(ref line, word0, SocketMessage.Low(word1), SocketMessage.High(word1), (uint)message.Payload.Word2);
            case SocketNotice.Room when line.TryFind(new Socket(word0), out int place):
                ref SocketState state = ref line.States[place];
                state.IsOpen = true;
                state.Room = word1 <= RoomMax && state.Room <= RoomMax ? state.Room + (int)word1 : -1;
                line._ready.Add(place);
                return state.Room >= 0;
            case SocketNotice.Ended when line.TryFind(new Socket(word0), out int place):
                TakeEnd(ref line, place, (SocketAnswer)(uint)word1, (uint)message.Payload.Word2);
                return word1 != 0;
            case SocketNotice.Room or SocketNotice.Ended or SocketNotice.Taken or SocketNotice.Refused:
                // Of a socket that was given up meanwhile.
                return true;
            default:
                return false;
        }
    }

    private static bool TakeAnswer(ref SocketLine line, ref readonly RingMessage message)
    {
        if (SocketMessage.Low(message.Payload.Word1) != line._question || line._hasAnswer)
        {
            // Of a question that nobody waits for.
            return true;
        }

        line._answer = message.Payload.Word1;
        line._answered = message.Payload.Word0 != 0 ? message.Payload.Word0 : message.Payload.Word2;
        line._hasAnswer = true;
        return message.Payload.Word0 == 0 || TryOpen(ref line, message.Payload.Word0, out _);
    }

    private static bool TakeCaller(ref SocketLine line, ref readonly RingMessage message)
    {
        if (!TryOpen(ref line, message.Payload.Word0, out int place) || message.Payload.Word3 > RoomMax)
        {
            return false;
        }

        ref SocketState state = ref line.States[place];
        state.IsConnection = true;
        state.IsOpen = true;
        state.Room = (int)message.Payload.Word3;
        state.Address = SocketMessage.Low(message.Payload.Word2);
        state.Port = (ushort)SocketMessage.High(message.Payload.Word2);
        if (!line.TryFind(new Socket(message.Payload.Word1), out int listener))
        {
            // Nobody listens any more.
            Forget(ref line, place, SocketRequest.Abort);
            return true;
        }

        ref SocketState owner = ref line.States[listener];
        int last = owner.LastCaller - 1;
        bool isFirst = owner.FirstCaller == 0;
        owner.FirstCaller = isFirst ? (byte)(place + 1) : owner.FirstCaller;
        owner.LastCaller = (byte)(place + 1);
        if (!isFirst)
        {
            line.States[last].NextCaller = (byte)(place + 1);
        }

        line._ready.Add(listener);
        return true;
    }

    // An end that was told behind bytes that went back unread is told again behind them.
    private static void TakeEnd(ref SocketLine line, int place, SocketAnswer why, uint position)
    {
        ref SocketState state = ref line.States[place];
        if (why != SocketAnswer.EndOfStream || position == state.Position)
        {
            state.Ended = why;
            line._ready.Add(place);
        }
    }

    private static bool TakeData(ref SocketLine line, ulong name, uint held, uint length, uint position)
    {
        uint bit = held < SocketArea.Places ? 1u << (int)held : 0;
        if (bit == 0 || length is 0 or > SocketArea.PlaceBytes || ((line._heldMask | line._returning) & bit) != 0)
        {
            return false;
        }

        line._held[(int)held] = new HeldPlace { Length = (ushort)length };
        if (!line.TryFind(new Socket(name), out int place))
        {
            // Of a socket that was given up meanwhile.
            line._returning |= bit;
            return true;
        }

        ref SocketState state = ref line.States[place];
        if (state.IsConnection && position != state.Position)
        {
            // It was under way when what comes before it went back unread: it comes again, behind that.
            line._returning |= bit;
            state.IsPaused = true;
            line._ready.Add(place);
            return true;
        }

        state.Position += length;
        line._held[(int)held].Socket = (byte)place;
        line._heldMask |= bit;
        if (state.First == 0)
        {
            state.First = (byte)(held + 1);
        }
        else
        {
            line._held[state.Last - 1].Next = (byte)(held + 1);
        }

        state.Last = (byte)(held + 1);
        line._ready.Add(place);
        return true;
    }

    private static bool TryOpen(ref SocketLine line, ulong name, out int place)
    {
        place = (int)SocketMessage.High(name) & (SocketStates.Count - 1);
        uint handle = SocketMessage.Low(name);
        if (handle == 0 || SocketMessage.High(name) >= SocketStates.Count || line.States[place].Handle != 0)
        {
            return false;
        }

        line.States[place] = new SocketState { Handle = handle };
        return true;
    }
}
