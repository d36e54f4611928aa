using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>A message between two kernels: 56 bytes, the whole payload of a ring slot, in the place of a <see cref="RingMessage"/>.</summary>
/// <remarks>Of the same size as that, so that a message is written where it is sent from and read where it was received.</remarks>
[NoBlock]
[Message(Id = 1)]
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct LinkMessage
{
    /// <summary>The ring's meta word for link messages: type 1, 56 bytes, no capabilities, no flags (one byte each, low first).</summary>
    public const uint Meta = 0x0000_3801;

    /// <summary>What it says: a <see cref="LinkKind"/> or a kind of the layer above. Untrusted.</summary>
    [FieldOffset(0)] public uint Kind;

    /// <summary>Must be 0.</summary>
    [FieldOffset(4)] public uint Reserved;

    /// <summary>Which operation it belongs to; an answer carries that of its request.</summary>
    [FieldOffset(8)] public ulong Operation;

    /// <summary>Epoch of the link. A message of another epoch is stale and dropped.</summary>
    [FieldOffset(16)] public ulong Epoch;

    /// <summary>Argument 0.</summary>
    [FieldOffset(24)] public ulong Argument0;

    /// <summary>Argument 1.</summary>
    [FieldOffset(32)] public ulong Argument1;

    /// <summary>Argument 2.</summary>
    [FieldOffset(40)] public ulong Argument2;

    /// <summary>Argument 3.</summary>
    [FieldOffset(48)] public ulong Argument3;

    /// <summary>The ring's own word. Filled in by the link when it sends; untrusted when it has received.</summary>
    [FieldOffset(56)] public uint RingMeta;

    /// <summary>Never sent, as in a <see cref="RingMessage"/>.</summary>
    [FieldOffset(60)] public uint Unsent;

    /// <summary>A ring message as a link message.</summary>
    [Trusted(Safety = "Both are 64 bytes of numbers, aligned alike.")]
    public static ref LinkMessage Of(ref RingMessage message) => ref Unsafe.As<RingMessage, LinkMessage>(ref message);

    /// <summary>This message as a ring message.</summary>
    [Trusted(Safety = "Both are 64 bytes of numbers, aligned alike.")]
    public static ref RingMessage Raw(ref LinkMessage message) => ref Unsafe.As<LinkMessage, RingMessage>(ref message);

    /// <summary>As <see cref="RingMessage.LeaveUnset"/>.</summary>
    [Trusted(Safety = "Numbers only, so every pattern is a value.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LeaveUnset(out LinkMessage message) => Unsafe.SkipInit(out message);
}

/// <summary>Kinds that every link understands. Kinds from <see cref="FirstOfLayerAbove"/> on belong to the layer above.</summary>
public enum LinkKind : uint
{
    /// <summary>Never sent.</summary>
    None,

    /// <summary>First message each way: argument 0 the protocol version, argument 1 the sender's life word.</summary>
    Hello,

    /// <summary>Answer to a Hello of another version: argument 0 the version that this side speaks. The link closes.</summary>
    Refused,

    /// <summary>Answer to a message of unknown kind: argument 0 that kind.</summary>
    NotUnderstood,

    /// <summary>The sender closes the link.</summary>
    Goodbye,

    /// <summary>First kind that the link passes on.</summary>
    FirstOfLayerAbove = 16,
}
