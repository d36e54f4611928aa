using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>What the coordinator leaves in the AP start page for the one core that it is starting. 32 bytes.</summary>
/// <remarks>The starting core reads it and never writes: the start page is mapped read and execute only.</remarks>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ApStartParameters
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 32;

    /// <summary>Physical address of the start tables' PML4, below 4 GiB: identity for the start page, text
    /// execute-only.</summary>
    [FieldOffset(0)] public uint StartTables;

    /// <summary>What to do, an <see cref="ApStartMode"/>. A value that is not listed parks the core.</summary>
    [FieldOffset(4)] public uint Mode;

    /// <summary>Physical address of the new instance's PML4.</summary>
    [FieldOffset(8)] public ulong InstanceTables;

    /// <summary>Local APIC id of the core that may go on; any other core parks.</summary>
    [FieldOffset(16)] public uint ApicId;

    /// <summary>Must be 0.</summary>
    [FieldOffset(20)] public uint Reserved;

    /// <summary>With <see cref="ApStartMode.WaitUntil"/>: the TSC value to wait for.</summary>
    [FieldOffset(24)] public ulong WaitUntilTsc;
}

/// <summary>What a starting application processor does first.</summary>
public enum ApStartMode : uint
{
    /// <summary>Enter the instance.</summary>
    Run = 1,

    /// <summary>Park for ever: a core that never starts (fault injection).</summary>
    Park = 2,

    /// <summary>Wait until <see cref="ApStartParameters.WaitUntilTsc"/>, then enter: a core that starts late (fault
    /// injection).</summary>
    WaitUntil = 3,
}
