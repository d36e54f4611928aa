namespace Atoll.Vm.Tests.EntryStates;

/// <summary>How a loader leaves the processor and its local APIC.</summary>
/// <param name="Name">For people.</param>
public sealed record EntryState(string Name)
{
    private const uint Spurious = 0xFEE0_00F0;
    private const uint TaskPriority = 0xFEE0_0080;
    private const uint InterruptCommand = 0xFEE0_0300;
    private const uint SelfFixed = 0x4_4000;
    private const uint LvtTimer = 0xFEE0_0320;
    private const uint Periodic = 1u << 17;

    // EFLAGS (Intel SDM Vol. 1, "EFLAGS Register").
    private const uint InterruptFlag = 1u << 9;
    private const uint DirectionFlag = 1u << 10;
    private const uint IoPrivilege = 3u << 12;
    private const uint NestedTask = 1u << 14;
    private const uint AlignmentCheck = 1u << 18;

    /// <summary>Registers to write, in order.</summary>
    public IReadOnlyList<(uint Address, uint Value)> Writes { get; init; } = [];

    /// <summary>Whether interrupts are open for a moment after that; their handlers do not end them.</summary>
    public bool TakesInterrupts { get; init; }

    /// <summary>EFLAGS at the entry.</summary>
    public uint Flags { get; init; } = 2;

    /// <summary>Bits of CR0 that are set besides PE.</summary>
    public uint CR0 { get; init; }

    /// <summary>Bits of CR4 that are set.</summary>
    public uint CR4 { get; init; }

    /// <summary>The matrix: each row alone was, or could have been, the end of a boot.</summary>
    public static IReadOnlyList<EntryState> All { get; } =
    [
        new("as the ABI says"),
        // Case boot/1, tpr-left-high.
        new("task priority 0xFF") { Writes = [(TaskPriority, 0xFF)] },
        new("task priority 0x30, the timer's own class") { Writes = [(TaskPriority, 0x30)] },
        Pending(0x10),
        Pending(0x20),
        Pending(0x40),
        Pending(0xFF),
        Serviced(0x20),
        Serviced(0x80),
        Serviced(0xFF),
        new("the timer runs, periodic, with the vector of a failed check")
        {
            Writes = [(Spurious, 0x1FF), (0xFEE0_03E0, 0xB), (LvtTimer, Periodic | 0x20), (0xFEE0_0380, 1000)],
        },
        new("every local source open")
        {
            Writes = [(Spurious, 0x1FF), (0xFEE0_0330, 0x41), (0xFEE0_0340, 0x42), (0xFEE0_0350, 0x700), (0xFEE0_0370, 0x43)],
        },
        new("DF, NT, IOPL and AC") { Flags = 2 | DirectionFlag | NestedTask | IoPrivilege | AlignmentCheck },
        new("IF, with an interrupt on its way") { Writes = [(Spurious, 0x1FF), (InterruptCommand, SelfFixed | 0x44)], Flags = 2 | InterruptFlag },
        new("CR4: PVI, TSD, DE, PSE, MCE, PGE, PCE, OSFXSR") { CR4 = 0x2 | 0x4 | 0x8 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 },
        new("CR0: MP, EM, TS, NE, WP, AM") { CR0 = 0x2 | 0x4 | 0x8 | 0x20 | 0x1_0000 | 0x4_0000 },
        new("all of it")
        {
            Writes = [(Spurious, 0x1FF), (InterruptCommand, SelfFixed | 0x81), (TaskPriority, 0xF0), (LvtTimer, Periodic | 0x30)],
            TakesInterrupts = true,
            Flags = 2 | DirectionFlag | NestedTask | AlignmentCheck,
            CR0 = 0x1_0028,
            CR4 = 0xD8,
        },
    ];

    // The priority holds it back until somebody lowers it.
    private static EntryState Pending(byte vector) => new($"an interrupt with vector 0x{vector:x} waits")
    {
        Writes = [(Spurious, 0x1FF), (TaskPriority, 0xFF), (InterruptCommand, SelfFixed | vector)],
    };

    private static EntryState Serviced(byte vector) => new($"vector 0x{vector:x} is in service")
    {
        Writes = [(Spurious, 0x1FF), (InterruptCommand, SelfFixed | vector)],
        TakesInterrupts = true,
    };
}
