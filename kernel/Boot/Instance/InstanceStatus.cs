using System.Runtime.InteropServices;

namespace Atoll.Boot;

/// <summary>The status page: what an instance tells its peers and the coordinator. One page; only the owner writes.</summary>
/// <remarks>
/// One exception: whoever stops an instance writes its <see cref="State"/>, which it can no longer write itself.
/// Each word is written by one aligned store and read by one load. Words are independent: a reader must not conclude from
/// one about another, but for <see cref="State"/>, which is written after what it announces. Peers treat all of it as untrusted.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct InstanceStatus
{
    /// <summary><see cref="InstanceLifecycle"/>.</summary>
    [FieldOffset(0)] public ulong State;

    /// <summary>Which life of this core it is: 1 for the first.</summary>
    [FieldOffset(8)] public ulong Incarnation;

    /// <summary>Turns of the event loop.</summary>
    [FieldOffset(64)] public ulong Heartbeat;

    /// <summary>Traffic messages sent.</summary>
    [FieldOffset(72)] public ulong Sent;

    /// <summary>Traffic messages received and right.</summary>
    [FieldOffset(80)] public ulong Received;

    /// <summary>Traffic messages received and wrong.</summary>
    [FieldOffset(88)] public ulong Errors;

    /// <summary>1 when the traffic that was asked for is done, or its partner is dead.</summary>
    [FieldOffset(96)] public ulong TrafficDone;

    /// <summary>Interrupts that nobody asked for.</summary>
    [FieldOffset(128)] public ulong StrayCount;

    /// <summary>Vector of the last of them.</summary>
    [FieldOffset(136)] public ulong StrayVector;

    /// <summary>TSC ticks from the core's first instruction to Healthy.</summary>
    [FieldOffset(144)] public ulong BootTicks;
}
