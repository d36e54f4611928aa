using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>A message outside the ring, private to its owner. 64 bytes.</summary>
[InterruptSafe, NoPanic, NoBlock]
[Message(Id = 255)]
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct RingMessage
{
    /// <summary>What it says.</summary>
    [FieldOffset(0)] public RingPayload Payload;

    /// <summary>The kind of message. Everything a peer sends is untrusted, this too.</summary>
    [FieldOffset(56)] public uint Meta;

    /// <summary>Never sent: a slot has its sequence there.</summary>
    [FieldOffset(60)] public uint Reserved;

    /// <summary>A message that somebody fills: its bytes are what was there before, as zeroing would cost a line of stores.</summary>
    [Trusted(Safety = "Numbers only, so every pattern is a value.")]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LeaveUnset(out RingMessage message) => Unsafe.SkipInit(out message);
}
