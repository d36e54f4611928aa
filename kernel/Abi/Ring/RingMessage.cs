using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>A message outside the ring, private to its owner. 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct RingMessage
{
    /// <summary>What it says.</summary>
    [FieldOffset(0)] public RingPayload Payload;

    /// <summary>The kind of message. Everything a peer sends is untrusted, this too.</summary>
    [FieldOffset(56)] public uint Meta;
}
