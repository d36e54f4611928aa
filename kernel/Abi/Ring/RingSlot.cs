using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>One slot of a return-slot ring: one cache line, 64 bytes, 64-byte aligned.</summary>
/// <remarks>
/// <see cref="Sequence"/> serves both directions. Equal to a message's position: the slot is free for that message (written
/// by the consumer; at the start it is the slot's number). Equal to position + 1: the message is present (written by the
/// producer, last). The consumer's store sends the line back owned by it, so the producer's next look is a load miss and no
/// line is used for acknowledgements.
/// </remarks>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public unsafe struct RingSlot
{
    /// <summary>Bytes of a slot.</summary>
    public const int SizeBytes = 64;

    /// <summary>Slots of a ring that fills one page.</summary>
    public const int PerPage = 64;

    /// <summary>The message, while there is one.</summary>
    [FieldOffset(0)] public RingPayload Payload;

    /// <summary>Sequence (low half) and <see cref="Meta"/> (high half) as one word: what the producer stores last.</summary>
    [FieldOffset(56)] public ulong Header;

    /// <summary>Sequence, modulo 2^32. Compared for equality only.</summary>
    [FieldOffset(56)] public uint Sequence;

    /// <summary>What the message is: see <see cref="RingMessage.Meta"/>.</summary>
    [FieldOffset(60)] public uint Meta;
}
