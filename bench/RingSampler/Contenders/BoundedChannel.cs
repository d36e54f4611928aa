using System.Threading.Channels;
using Atoll.Abi;

namespace Atoll.RingSampler.Contenders;

/// <summary>The writer of a bounded <see cref="Channel{T}"/>, what the base class library has for this; it never waits.</summary>
internal readonly struct ChannelSender(ChannelWriter<RingMessage> writer) : IMessageSender
{
    /// <summary>Makes a channel for one writer and one reader.</summary>
    internal static Channel<RingMessage> Create(int slotCount) => Channel.CreateBounded<RingMessage>(new BoundedChannelOptions(slotCount)
    {
        SingleReader = true,
        SingleWriter = true,
        AllowSynchronousContinuations = false,
    });

    /// <inheritdoc/>
    public bool TrySend(ref readonly RingMessage message) => writer.TryWrite(message);
}

/// <summary>The reader of a bounded <see cref="Channel{T}"/>; it never waits.</summary>
internal readonly struct ChannelReceiver(ChannelReader<RingMessage> reader) : IMessageReceiver
{
    /// <inheritdoc/>
    public bool TryReceive(out RingMessage message) => reader.TryRead(out message);
}
