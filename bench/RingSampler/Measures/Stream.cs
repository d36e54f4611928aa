using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.RingSampler.Contenders;
using Atoll.RingSampler.Machine;

namespace Atoll.RingSampler.Measures;

/// <summary>Throughput: one thread sends as fast as it can, the other receives and reads every word.</summary>
/// <remarks>
/// Waiting is apart from the loops, in methods that are not inlined, for two reasons that were measured (docs/benchmarks.md).
/// The branch after a look is then one that nearly always goes the same way, so the processor runs on through the next slots
/// and has many lines under way; a branch shared with the waiting loop is foreseen as a wait, and costs up to four times the
/// ticks. And nothing lives across a call, so no word is spilled: a store to the stack takes a place in the store buffer,
/// behind stores that wait for their lines.
/// </remarks>
internal static class Stream
{
    /// <summary>Streams messages, every one of them checked.</summary>
    /// <param name="pair">Where to run.</param>
    /// <param name="sender">The producer's end.</param>
    /// <param name="receiver">The consumer's end.</param>
    /// <param name="warmUp">Messages before the clock starts.</param>
    /// <param name="count">Messages timed.</param>
    internal static Sample Run<TSender, TReceiver>(PinnedPair pair, TSender sender, TReceiver receiver, uint warmUp, uint count)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        ulong ticks = 0;
        bool isUndisturbed = pair.Run(() => Send(sender, warmUp + count), () => ticks = Receive(receiver, warmUp, count));
        return new Sample((double)ticks / count, isUndisturbed);
    }

    private static void Send<TSender>(TSender sender, uint count)
        where TSender : struct, IMessageSender
    {
        for (uint number = 0; number < count; number++)
        {
            MessageContent.Write(out RingMessage message, number);
            if (!sender.TrySend(in message))
            {
                TSender waiting = sender;
                SendWhenFree(ref waiting, number);
                sender = waiting;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SendWhenFree<TSender>(ref TSender sender, ulong number)
        where TSender : struct, IMessageSender
    {
        Pace pace = default;
        MessageContent.Write(out RingMessage message, number);
        do
        {
            pace.Wait();
        }
        while (!sender.TrySend(in message));
    }

    private static ulong Receive<TReceiver>(TReceiver receiver, uint warmUp, uint count)
        where TReceiver : struct, IMessageReceiver
    {
        ReceiveRange(ref receiver, 0, warmUp);
        ulong start = TimestampCounter.Read();
        ReceiveRange(ref receiver, warmUp, count);
        return TimestampCounter.Read() - start;
    }

    private static void ReceiveRange<TReceiver>(ref TReceiver shared, ulong first, ulong count)
        where TReceiver : struct, IMessageReceiver
    {
        // A copy, so that its position can stay in a register. As few others as can be, or a word of the message is spilled.
        TReceiver receiver = shared;
        ulong expected = MessageContent.SumOf(first);
        for (ulong left = count; left != 0; left--)
        {
            ulong sum;
            if (receiver.TryReceive(out RingMessage message))
            {
                sum = MessageContent.Sum(in message);
            }
            else
            {
                TReceiver waiting = receiver;
                sum = ReceiveWhenPresent(ref waiting);
                receiver = waiting;
            }

            if (sum != expected)
            {
                throw new InvalidDataException("a message arrived damaged or out of order");
            }

            expected += MessageContent.SumStep;
        }

        shared = receiver;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReceiveWhenPresent<TReceiver>(ref TReceiver receiver)
        where TReceiver : struct, IMessageReceiver
    {
        Pace pace = default;
        RingMessage message;
        do
        {
            pace.Wait();
        }
        while (!receiver.TryReceive(out message));

        return MessageContent.Sum(in message);
    }
}
