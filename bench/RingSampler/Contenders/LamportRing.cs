using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.RingSampler.Contenders;

/// <summary>The two shared indices of a Lamport ring, each alone on a pair of lines, since processors fetch lines in pairs.</summary>
internal static class LamportIndices
{
    /// <summary>Bytes before the first slot.</summary>
    internal const int SizeBytes = 4 * 64;

    /// <summary>Messages sent, written by the producer.</summary>
    internal static unsafe ulong* Sent(byte* ring) => (ulong*)ring;

    /// <summary>Messages received, written by the consumer.</summary>
    internal static unsafe ulong* Received(byte* ring) => (ulong*)(ring + (SizeBytes / 2));

    /// <summary>The first message.</summary>
    internal static unsafe RingMessage* Slots(byte* ring) => (RingMessage*)(ring + SizeBytes);
}

/// <summary>The producer's end of a ring with two indices, each side keeping a copy of the other's.</summary>
/// <remarks>
/// Source: L. Lamport, "Specifying Concurrent Program Modules", 1983; the cached copies, P. P. C. Lee et al., "A Lock-Free,
/// Cache-Efficient Shared Ring Buffer for Multi-core Architectures", 2009.
/// </remarks>
internal unsafe struct LamportSender(byte* ring, uint slotCount) : IMessageSender
{
    private readonly byte* _ring = ring;
    private readonly uint _slotCount = slotCount;
    private ulong _sent;
    private ulong _receivedSeen;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySend(ref readonly RingMessage message)
    {
        if (_sent - _receivedSeen == _slotCount)
        {
            _receivedSeen = Volatile.Read(ref *LamportIndices.Received(_ring));
            if (_sent - _receivedSeen == _slotCount)
            {
                return false;
            }
        }

        LamportIndices.Slots(_ring)[_sent & (_slotCount - 1)] = message;
        Volatile.Write(ref *LamportIndices.Sent(_ring), ++_sent);
        return true;
    }
}

/// <summary>The consumer's end of a Lamport ring.</summary>
internal unsafe struct LamportReceiver(byte* ring, uint slotCount) : IMessageReceiver
{
    private readonly byte* _ring = ring;
    private readonly uint _slotMask = slotCount - 1;
    private ulong _received;
    private ulong _sentSeen;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out RingMessage message)
    {
        Unsafe.SkipInit(out message);
        if (_received == _sentSeen)
        {
            _sentSeen = Volatile.Read(ref *LamportIndices.Sent(_ring));
            if (_received == _sentSeen)
            {
                return false;
            }
        }

        message = LamportIndices.Slots(_ring)[_received & _slotMask];
        Volatile.Write(ref *LamportIndices.Received(_ring), ++_received);
        return true;
    }
}
