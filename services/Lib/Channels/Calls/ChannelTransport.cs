using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Calls a server of this or another core over a channel: no system call while both ends look.</summary>
/// <remarks>
/// One call at a time. The answer to a call whose deadline came first is dropped when it comes. Capabilities do not travel with a call; <see cref="RingChannel.Grant"/> gives them beside it.
/// After <see cref="CallResult.PeerDied"/> whoever wants to go on asks for the channel anew (<see cref="RingChannel.Reopen"/>).
/// </remarks>
[NonCopyable]
public struct ChannelTransport : ITransport
{
    /// <summary>The channel. The first call waits until it is open.</summary>
    public RingChannel Channel;

    /// <summary>TSC value at which a call ends unanswered; 0: never.</summary>
    public ulong Deadline;

    /// <summary>How often a call looks for its answer before it sleeps. Looking costs no system call, and keeps the core busy.</summary>
    public uint Looks;

    private uint _number;

    /// <inheritdoc/>
    public readonly Span<ulong> Words => ThreadBuffer.Words;

    /// <inheritdoc/>
    public CallResult Call(ulong method, uint words, out uint answered)
    {
        answered = 0;
        ChannelResult open = Channel.Open(Until);
        if (open != ChannelResult.Done)
        {
            return Outcome(open);
        }

        DropLate();
        _number = (_number + 1) & MessagePiece.NumberMask;
        CallResult asked = Ask(MessageHeader.Of(method, words));
        return asked == CallResult.Ok ? Await(out answered) : asked;
    }

    private readonly ulong Until => Deadline == 0 ? Lib.Deadline.Never : Deadline;

    // What came for a call that was given up. The server may wait for the room.
    private void DropLate()
    {
        bool any = false;
        while (Channel.TryReceive(out _) == ChannelResult.Done)
        {
            any = true;
        }

        if (any)
        {
            Channel.Ring();
        }
    }

    // A ring has room for a message and more: only questions that nobody has read keep one out.
    private CallResult Ask(MessageHeader header)
    {
        Span<ulong> words = Words.Slice(0, (int)header.Words);
        for (uint index = 0; index < MessagePiece.Count(header.Words); index++)
        {
            RingMessage piece = MessagePiece.Of(index, _number, header, words);
            ChannelResult sent = Channel.TrySend(in piece);
            if (sent != ChannelResult.Done)
            {
                return sent == ChannelResult.WouldBlock ? CallResult.Busy : Outcome(sent);
            }
        }

        // Who sleeps at once rings with its wait.
        Channel.EndTurn(rings: Looks != 0);
        return CallResult.Ok;
    }

    private CallResult Await(out uint answered)
    {
        MessageAssembly answer = default;
        answered = 0;
        uint looks = 0;
        while (true)
        {
            ChannelResult came = Channel.TryReceive(out RingMessage piece);
            if (came == ChannelResult.Done)
            {
                if (MessagePiece.NumberOf(in piece) == _number && answer.TryEnd(in piece, Words))
                {
                    return End(in answer, out answered);
                }

                continue;
            }

            if (came == ChannelResult.WouldBlock && ++looks > Looks)
            {
                came = Channel.Wait(Until);
            }

            if (came is ChannelResult.PeerDied or ChannelResult.PeerCorrupt || (came == ChannelResult.WouldBlock && looks > Looks))
            {
                return Outcome(came);
            }
        }
    }

    private static CallResult End(ref readonly MessageAssembly answer, out uint answered)
    {
        answered = answer.IsGood ? answer.Header.Words : 0;
        return answer.IsGood ? Refusals.Outcome(answer.Header.Label) : CallResult.AnswerInvalid;
    }

    private static CallResult Outcome(ChannelResult result) =>
        result == ChannelResult.WouldBlock ? CallResult.TimedOut
        : result == ChannelResult.PeerCorrupt ? CallResult.AnswerInvalid
        : CallResult.PeerDied;
}
