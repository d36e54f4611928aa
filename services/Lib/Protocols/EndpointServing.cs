using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The server's side of an endpoint: the answer to the last message, and the next message.</summary>
public static class EndpointServing
{
    /// <summary>Answers, if there is something to answer, and receives.</summary>
    /// <param name="exchange">The last message and its answer; then the next message.</param>
    /// <param name="endpoint">Address of the endpoint.</param>
    /// <param name="answers">Whether the last message is answered now.</param>
    /// <param name="deadline">Until when to wait; 0: not at all.</param>
    /// <param name="admits">Whether capabilities may come with the next message.</param>
    /// <returns>Ok: something came.</returns>
    public static SystemResult Next(ref Exchange exchange, ulong endpoint, bool answers, ulong deadline, bool admits)
    {
        CallFrame frame = default;
        frame.Address = endpoint;
        frame.Deadline = deadline;
        frame.Number = (ulong)SystemCall.Receive | Bound(deadline);
        if (answers)
        {
            frame.Number = (ulong)SystemCall.ReplyReceive | Bound(deadline);
            Load(ref frame, ref exchange);
        }
        else
        {
            exchange.Reply = ThreadBuffer.Replies.FirstFree;
            ThreadBuffer.Bells.Load(ref frame);
        }

        frame.Reply = exchange.Reply;
        if (admits)
        {
            ThreadBuffer.Inbox.Admit();
        }

        Stubs.Any(ref frame);
        if (admits)
        {
            ThreadBuffer.Admit(0, 0);
        }

        SystemResult result = (SystemResult)frame.Number;
        if (result == SystemResult.Ok)
        {
            Store(ref exchange, in frame);
        }

        return result;
    }

    // Who does not wait needs no timer.
    private static ulong Bound(ulong deadline) => deadline == 0 ? SystemCallFlags.NonBlocking : Deadline.Flags(deadline);

    private static void Load(ref CallFrame frame, ref Exchange exchange)
    {
        Span<ulong> answer = Exchange.Answer(ref exchange);
        uint words = exchange.Refusal == Refusal.None ? exchange.AnswerWords : 0;
        uint capabilities = exchange.Refusal == Refusal.None ? exchange.AnswerCapabilities : 0;
        frame.Header = MessageHeader.Of((ulong)exchange.Refusal, words, capabilities).Raw;
        frame.Word0 = words > 0 ? answer[0] : 0;
        frame.Word1 = words > 1 ? answer[1] : 0;
        frame.Word2 = words > 2 ? answer[2] : 0;
        frame.Word3 = words > 3 ? answer[3] : 0;
        Copy(answer, ThreadBuffer.Words, words);
    }

    private static void Store(ref Exchange exchange, ref readonly CallFrame frame)
    {
        MessageHeader header = new(frame.Header);
        if (header.IsSignal)
        {
            exchange.Begin(frame.Address, header, words: 0, mayDefer: false);
            return;
        }

        Span<ulong> asked = Exchange.Asked(ref exchange);
        uint words = header.Words <= MessageHeader.WordsMax ? header.Words : MessageHeader.WordsMax;
        asked[0] = frame.Word0;
        asked[1] = frame.Word1;
        asked[2] = frame.Word2;
        asked[3] = frame.Word3;
        Copy(ThreadBuffer.Words, asked, words);
        exchange.Begin(frame.Address, header, words, ThreadBuffer.Replies.CanHold);
    }

    // The words that do not travel in registers.
    private static void Copy(Span<ulong> from, Span<ulong> to, uint words)
    {
        for (int index = MessageHeader.RegisterWords; index < words; index++)
        {
            to[index] = from[index];
        }
    }
}
