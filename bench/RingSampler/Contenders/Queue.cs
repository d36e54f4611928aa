namespace Atoll.RingSampler.Contenders;

/// <summary>Both ends of a queue, and the memory under it where that is not the collector's.</summary>
internal sealed class Queue<TSender, TReceiver>(TSender sender, TReceiver receiver, IDisposable? memory = null) : IDisposable
    where TSender : struct, IMessageSender
    where TReceiver : struct, IMessageReceiver
{
    /// <summary>The producer's end.</summary>
    internal TSender Sender => sender;

    /// <summary>The consumer's end.</summary>
    internal TReceiver Receiver => receiver;

    /// <inheritdoc/>
    public void Dispose() => memory?.Dispose();
}
