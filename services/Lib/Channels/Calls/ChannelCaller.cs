using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>One client of a server that serves over channels: what came of its question, and what is left of the answer to it.</summary>
/// <remarks>A client that does not take its answer gets no other, and nobody waits for it.</remarks>
[NonCopyable]
public struct ChannelCaller
{
    /// <summary>The channel to it.</summary>
    public RingChannel Channel;

    /// <summary>What the server sees of it as <see cref="Caller.Badge"/>.</summary>
    public ulong Badge;

    private MessageWords _words;
    private MessageAssembly _question;
    private MessageHeader _answer;
    private uint _sent;
    private bool _owes;

    /// <summary>Looks whether the client is there. After the end of one it waits for the next.</summary>
    internal void Look()
    {
        if (Channel.IsOpen)
        {
            Channel.Awake();
            return;
        }

        if (Channel.TryOpen() == ChannelResult.Done)
        {
            _owes = false;
            _question = default;
        }
    }

    /// <summary>Answers what can be answered now.</summary>
    /// <typeparam name="TDispatch">Dispatch of the protocol.</typeparam>
    /// <typeparam name="TServer">The server.</typeparam>
    /// <param name="server">Does what it is asked.</param>
    /// <param name="exchange">For what is asked and answered; one for all clients.</param>
    /// <returns>Whether anything was done.</returns>
    internal bool Serve<TDispatch, [AllowLinear] TServer>(ref TServer server, ref Exchange exchange)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
    {
        if (!Channel.IsOpen || !TryPay())
        {
            return false;
        }

        ChannelResult came = Channel.TryReceive(out RingMessage piece);
        if (came == ChannelResult.Done && _question.TryEnd(in piece, WordBytes.Of(ref _words)))
        {
            Answer<TDispatch, TServer>(ref server, ref exchange);
        }

        // The next life of a client that died finds the server waiting.
        return came == ChannelResult.Done || (came == ChannelResult.PeerDied && Channel.Reopen() == ChannelResult.Done);
    }

    /// <summary>Says that the server waits. For who does not take its answer nobody stays awake: it rings when it has taken some.</summary>
    [MustUse]
    internal bool TryRest() => _owes || Channel.TryRest();

    private void Answer<TDispatch, [AllowLinear] TServer>(ref TServer server, ref Exchange exchange)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
    {
        Refusal refusal = Refusal.Malformed;
        if (_question.IsGood)
        {
            Copy(WordBytes.Of(ref _words), Exchange.Asked(ref exchange), _question.Header.Words);
            exchange.Begin(Badge, _question.Header, _question.Header.Words, mayDefer: false);
            refusal = TDispatch.Handle(ref server, ref exchange);
            refusal = refusal == Refusal.None && exchange.AnswerCapabilities != 0 ? Refusal.AnswerInvalid : refusal;
        }

        _answer = MessageHeader.Of((ulong)refusal, refusal == Refusal.None ? exchange.AnswerWords : 0);
        Copy(Exchange.Answer(ref exchange), WordBytes.Of(ref _words), _answer.Words);
        _owes = true;
        _sent = 0;
        _ = TryPay();
    }

    private static void Copy(ReadOnlySpan<ulong> from, Span<ulong> to, uint words) => from.Slice(0, (int)words).CopyTo(to);

    // Sends what is left of the answer, as far as there is room.
    private bool TryPay()
    {
        if (!_owes)
        {
            return true;
        }

        ReadOnlySpan<ulong> words = WordBytes.Of(ref _words).Slice(0, (int)_answer.Words);
        for (; _sent < MessagePiece.Count(_answer.Words); _sent++)
        {
            RingMessage piece = MessagePiece.Of(_sent, _question.Number, _answer, words);
            ChannelResult result = Channel.TrySend(in piece);
            if (result != ChannelResult.Done)
            {
                // Of the dead nobody reads it.
                _owes = result == ChannelResult.WouldBlock;
                return !_owes;
            }
        }

        _owes = false;
        return true;
    }
}
