using System;

namespace Atoll.Services.Suite;

/// <summary>All groups of tests, the most basic first.</summary>
internal static class Catalog
{
    /// <summary>Groups.</summary>
    internal const uint Count = 21;

    /// <summary>Name of a group. Those that try what must not be possible begin with "attack".</summary>
    internal static ReadOnlySpan<byte> NameOf(uint group) => group switch
    {
        0 => "untyped"u8,
        1 => "cnode"u8,
        2 => "revoke"u8,
        3 => "lookup"u8,
        4 => "endpoint"u8,
        5 => "refusal"u8,
        6 => "notification"u8,
        7 => "message"u8,
        8 => "thread"u8,
        9 => "budget"u8,
        10 => "deadline"u8,
        11 => "fault"u8,
        12 => "vspace"u8,
        13 => "port"u8,
        14 => "interrupt"u8,
        15 => "device"u8,
        16 => "attack-memory"u8,
        17 => "attack-privilege"u8,
        18 => "attack-capability"u8,
        19 => "attack-resource"u8,
        _ => "attack-register"u8,
    };

    /// <summary>Tests of a group.</summary>
    internal static uint CountOf(uint group) => group switch
    {
        0 => UntypedTests.Count,
        1 => CNodeTests.Count,
        2 => DerivationTests.RevokeCount,
        3 => DerivationTests.LookupCount,
        4 => EndpointTests.Count,
        5 => EndpointEndTests.Count,
        6 => NotificationTests.Count,
        7 => MessageTests.Count,
        8 => ThreadTests.Count,
        9 => TimeTests.BudgetCount,
        10 => TimeTests.DeadlineCount,
        11 => FaultTests.Count,
        12 => VSpaceTests.Count + LargeFrameTests.Count,
        13 => DeviceTests.PortCount,
        14 => DeviceTests.InterruptCount,
        15 => PciDeviceTests.Count,
        16 => MemoryAttacks.Count,
        17 => PrivilegeAttacks.Count,
        18 => CapabilityAttacks.Count,
        19 => ResourceAttacks.Count,
        _ => RegisterAttacks.Count,
    };

    /// <summary>Runs one test.</summary>
    internal static void Run(uint group, uint number, ref Test test)
    {
        switch (group)
        {
            case 0: UntypedTests.Run(number, ref test); break;
            case 1: CNodeTests.Run(number, ref test); break;
            case 2: DerivationTests.Run(number, ref test); break;
            case 3: DerivationTests.RunLookup(number, ref test); break;
            case 4: EndpointTests.Run(number, ref test); break;
            case 5: EndpointEndTests.Run(number, ref test); break;
            case 6: NotificationTests.Run(number, ref test); break;
            case 7: MessageTests.Run(number, ref test); break;
            case 8: ThreadTests.Run(number, ref test); break;
            case 9: TimeTests.Run(number, ref test); break;
            case 10: TimeTests.RunDeadline(number, ref test); break;
            case 11: FaultTests.Run(number, ref test); break;
            case 12 when number >= VSpaceTests.Count: LargeFrameTests.Run(number - VSpaceTests.Count, ref test); break;
            case 12: VSpaceTests.Run(number, ref test); break;
            case 13: DeviceTests.Run(number, ref test); break;
            case 14: DeviceTests.RunInterrupt(number, ref test); break;
            case 15: PciDeviceTests.Run(number, ref test); break;
            case 16: MemoryAttacks.Run(number, ref test); break;
            case 17: PrivilegeAttacks.Run(number, ref test); break;
            case 18: CapabilityAttacks.Run(number, ref test); break;
            case 19: ResourceAttacks.Run(number, ref test); break;
            default: RegisterAttacks.Run(number, ref test); break;
        }
    }
}
