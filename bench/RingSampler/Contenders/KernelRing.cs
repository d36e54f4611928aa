using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;

namespace Atoll.RingSampler.Contenders;

/// <summary>The producer's end of the product's ring: <see cref="RingSender"/> as the kernel uses it.</summary>
internal unsafe struct KernelRingSender : IMessageSender
{
    private RingSender _sender;

    internal KernelRingSender(RingSlot* slots, uint slotCount) => _sender.Attach(slots, slotCount);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ref readonly RingMessage message) => _sender.TrySend<CoherentMemory>(in message) == SendResult.Sent;
}

/// <summary>The consumer's end of the product's ring: <see cref="RingReceiver"/> as the kernel uses it.</summary>
internal unsafe struct KernelRingReceiver : IMessageReceiver
{
    private RingReceiver _receiver;

    internal KernelRingReceiver(RingSlot* slots, uint slotCount) => _receiver.Attach(slots, slotCount);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out RingMessage message) => _receiver.TryReceive<CoherentMemory>(out message) == ReceiveResult.Received;
}
