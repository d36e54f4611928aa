using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>A core is provisioned and stopped again and again; what its coordinator holds then is what it held before, by a hash.</summary>
public sealed class UndoScenario : CoreOrdersScenario
{
    private const int Core = 3;
    private const int CyclesUsual = 12;
    private const int CyclesOfALongRun = 1000;

    /// <inheritdoc/>
    public override string Name => "undo";

    /// <inheritdoc/>
    public override string Description => "a kernel is provisioned and stopped again and again: all that the coordinator holds afterwards hashes as before";

    /// <inheritdoc/>
    /// <remarks>No program on the core has a channel: no two channels have the same number ever, so each leaves that behind.</remarks>
    public override string? SystemName => "undo";

    /// <inheritdoc/>
    public override bool NeedsTrials => true;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { MemoryMiB = 128, Icount = true },
        new(16) { MemoryMiB = 256 },
        new(4) { MemoryMiB = 128, Icount = true, Rounds = CyclesOfALongRun, IsLong = true },
    ];

    /// <inheritdoc/>
    protected override string Parameters => base.Parameters + " workload=none";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        int cycles = run.Shape.Rounds ?? CyclesUsual;
        bool isUp = Become(expect, terminal, Core, "healthy", life: 1, hasMemory: true);
        for (int cycle = 1; isUp && cycle <= cycles; cycle++)
        {
            Tell(expect, terminal, "stop", Core);
            isUp = Become(expect, terminal, Core, "empty", life: cycle, hasMemory: false);
            if (isUp && cycle < cycles)
            {
                Tell(expect, terminal, "start", Core);
                isUp = Become(expect, terminal, Core, "healthy", life: cycle + 1, hasMemory: true);
            }
        }

        MachineView machine = Look(run, terminal);
        HostilityReport told = HostilityReport.Read(machine.Memory, machine.Instances[0]);

        // The first stop is what the others are compared with.
        expect.Equal((ulong)cycles - 1, told.Undone, "stops that were compared with the one before");
        expect.Equal((ulong)cycles - 1, told.UndoneExactly, "of these, stops that left what the one before had left");
        run.Count("cycles", cycles);
        run.Count("undone-exactly", (long)told.UndoneExactly);
    }
}
