using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.RingSampler.Contenders;
using Atoll.RingSampler.Machine;

namespace Atoll.RingSampler.Measures;

/// <summary>Round trip: a message one way, its answer the other way, then the next. The answer's number is the message's sum.</summary>
internal static class RoundTrip
{
    /// <summary>Sends messages and awaits each answer.</summary>
    /// <param name="pair">Where to run.</param>
    /// <param name="requests">The ends of the queue that requests take.</param>
    /// <param name="answers">The ends of the queue that answers take.</param>
    /// <param name="warmUp">Round trips before the clock starts.</param>
    /// <param name="count">Round trips timed.</param>
    internal static Sample Run<TSender, TReceiver>(
        PinnedPair pair, (TSender Sender, TReceiver Receiver) requests, (TSender Sender, TReceiver Receiver) answers, uint warmUp, uint count)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        ulong ticks = 0;
        bool isUndisturbed = pair.Run(
            () => ticks = Ask(requests.Sender, answers.Receiver, warmUp, count),
            () => Answer(answers.Sender, requests.Receiver, warmUp + count));
        return new Sample((double)ticks / count, isUndisturbed);
    }

    private static ulong Ask<TSender, TReceiver>(TSender sender, TReceiver receiver, uint warmUp, uint count)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        ulong start = 0;
        for (uint number = 0; number < warmUp + count; number++)
        {
            if (number == warmUp)
            {
                start = TimestampCounter.Read();
            }

            SendOne(ref sender, number);
            if (ReceiveOne(ref receiver) != MessageContent.SumOf(MessageContent.SumOf(number)))
            {
                throw new InvalidDataException("an answer arrived damaged or out of order");
            }
        }

        return TimestampCounter.Read() - start;
    }

    private static void Answer<TSender, TReceiver>(TSender sender, TReceiver receiver, uint count)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        for (uint number = 0; number < count; number++)
        {
            SendOne(ref sender, ReceiveOne(ref receiver));
        }
    }

    // There is always room: no more than one message is under way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SendOne<TSender>(ref TSender sender, ulong number)
        where TSender : struct, IMessageSender
    {
        MessageContent.Write(out RingMessage message, number);
        if (!sender.TrySend(in message))
        {
            throw new InvalidDataException("a queue of nothing but one message is full");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReceiveOne<TReceiver>(ref TReceiver receiver)
        where TReceiver : struct, IMessageReceiver
    {
        Pace pace = default;
        RingMessage message;
        while (!receiver.TryReceive(out message))
        {
            pace.Wait();
        }

        return MessageContent.Sum(in message);
    }
}
