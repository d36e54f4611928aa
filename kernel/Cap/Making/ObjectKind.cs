using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>What can be made of untyped memory, and how big it is.</summary>
internal static class ObjectKind
{
    /// <summary>No object.</summary>
    internal const int None = 0;

    /// <summary>log2 of the bytes of an object; <see cref="None"/>: there is no such object.</summary>
    /// <param name="type">From a program.</param>
    /// <param name="sizeBits">From a program: of an Untyped or Frame its bits, of a CNode its radix, else 0.</param>
    internal static int Bits(CapabilityType type, int sizeBits) => type switch
    {
        CapabilityType.Untyped => sizeBits is >= ObjectSize.UntypedBitsMin and <= ObjectSize.UntypedBitsMax ? sizeBits : None,
        CapabilityType.Frame =>
            sizeBits is ObjectSize.FrameBits or ObjectSize.LargeFrameBits or ObjectSize.HugeFrameBits ? sizeBits : None,
        CapabilityType.CNode => sizeBits is >= 1 and <= ObjectSize.CNodeRadixMax ? sizeBits + ObjectSize.SlotBits : None,
        _ => sizeBits == 0 ? FixedBits(type) : None,
    };

    private static int FixedBits(CapabilityType type) => type switch
    {
        CapabilityType.PageTable or CapabilityType.VSpace => ObjectSize.PageTableBits,
        CapabilityType.Thread => ObjectSize.ThreadBits,
        CapabilityType.Endpoint => ObjectSize.EndpointBits,
        CapabilityType.Notification => ObjectSize.NotificationBits,
        CapabilityType.Reply => ObjectSize.ReplyBits,
        CapabilityType.SchedulingContext => ObjectSize.SchedulingContextBits,
        _ => None,
    };
}
