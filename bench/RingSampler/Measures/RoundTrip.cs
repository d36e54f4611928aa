using Atoll.RingSampler.Contenders;
using Atoll.RingSampler.Machine;

namespace Atoll.RingSampler.Measures;

/// <summary>Round trip: a message one way, its answer the other way, then the next.</summary>
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
        Pace pace = default;
        ulong start = 0;
        for (uint number = 0; number < warmUp + count; number++)
        {
            if (number == warmUp)
            {
                start = TimestampCounter.Read();
            }

            SendOne(ref sender, ref pace, number);
            if (ReceiveOne(ref sender, ref receiver, ref pace) != MessageContent.SumOf(number))
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
        Pace pace = default;
        for (uint number = 0; number < count; number++)
        {
            ulong sum = ReceiveOne(ref sender, ref receiver, ref pace);
            SendOne(ref sender, ref pace, MessageContent.NumberOf(sum));
        }
    }

    private static void SendOne<TSender>(ref TSender sender, ref Pace pace, ulong number)
        where TSender : struct, IMessageSender
    {
        MessageContent.Write(out Abi.RingMessage message, number);
        while (!sender.TrySend(in message))
        {
            pace.Wait();
        }
    }

    private static ulong ReceiveOne<TSender, TReceiver>(ref TSender sender, ref TReceiver receiver, ref Pace pace)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        Abi.RingMessage message;
        while (!receiver.TryReceive(out message))
        {
            sender.Touch();
            pace.Wait();
        }

        return MessageContent.Sum(in message);
    }
}
