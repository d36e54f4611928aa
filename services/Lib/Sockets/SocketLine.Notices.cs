using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <content>What the stack tells, compared with what the program knows.</content>
internal partial struct SocketLine
{
    // All that is there: Done, if it was anything.
    private static SocketResult Hear(ref SocketLine line)
    {
        SocketResult result = SocketResult.WouldBlock;
        while (!line._isBroken)
        {
            ChannelResult received = line._channel.TryReceive(out RingMessage message);
            if (received == ChannelResult.PeerCorrupt)
            {
                line._isBroken = true;
                break;
            }

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
