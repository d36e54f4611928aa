using Atoll.RingSampler.Machine;
using Atoll.RingSampler.Measures;

namespace Atoll.RingSampler.Contenders;

/// <summary>One way to get messages from one processor to another.</summary>
internal abstract class Contender
{
    /// <summary>Ticks for a message of a stream.</summary>
    internal abstract Sample Stream(PinnedPair pair, uint slotCount, uint count);

    /// <summary>Ticks for a message and its answer.</summary>
    internal abstract Sample RoundTrip(PinnedPair pair, uint slotCount, uint count);
}

/// <summary>A contender whose two ends are these types.</summary>
/// <param name="open">Makes a fresh queue of so many slots.</param>
internal sealed class Contender<TSender, TReceiver>(Func<uint, Queue<TSender, TReceiver>> open) : Contender
    where TSender : struct, IMessageSender
    where TReceiver : struct, IMessageReceiver
{
    /// <inheritdoc/>
    internal override Sample Stream(PinnedPair pair, uint slotCount, uint count)
    {
        using Queue<TSender, TReceiver> queue = open(slotCount);
        return Measures.Stream.Run(pair, queue.Sender, queue.Receiver, Laps(slotCount), count);
    }

    /// <inheritdoc/>
    internal override Sample RoundTrip(PinnedPair pair, uint slotCount, uint count)
    {
        using Queue<TSender, TReceiver> requests = open(slotCount);
        using Queue<TSender, TReceiver> answers = open(slotCount);
        return Measures.RoundTrip.Run(
            pair, (requests.Sender, requests.Receiver), (answers.Sender, answers.Receiver), Laps(slotCount), count);
    }

    // The first laps meet lines that no cache has yet.
    private static uint Laps(uint slotCount) => 4 * slotCount;
}
