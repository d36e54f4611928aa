using Atoll.TestVm.Isolation;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>What an instance holds before its first instruction does not depend on how many others there are.</summary>
public sealed class SeparationScenario : Scenario
{
    // The first member is built, called and never comes; nobody waits for the end of the deadline.
    private const string Parameters = "start.never=1 start.deadline=600000 end=pass";
    private const int CoresLeast = 2;
    private const ulong PageBytes = 4096;

    // Word 0 of the page 'state', the eighth of a block (docs/memory-map.md).
    private const ulong StateOffset = 7 * PageBytes;

    /// <inheritdoc/>
    public override string Name => "separation";

    /// <inheritdoc/>
    public override string Description => "what an instance holds before its first instruction is the same, byte for byte, as on a machine of two cores";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(16)];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmSettings settings = run.Settings(Parameters);
        if (Capture(run, settings with { Cores = CoresLeast }) is var (few, fewClock) && Capture(run, settings) is var (many, manyClock))
        {
            FirstHoldings expected = FirstHoldings.Read(few, fewClock);
            Compare(run, expected, FirstHoldings.Read(many, manyClock));
            FindCount(run, expected, many, manyClock);
        }
    }

    private static void Compare(ScenarioRun run, FirstHoldings expected, FirstHoldings found)
    {
        run.Count("bytes", found.Bytes);
        if (expected.DifferenceFrom(found) is string difference)
        {
            run.Fail($"core 1 of {CoresLeast} and core 1 of {run.Shape.Cores} do not hold the same: {difference}");
        }
    }

    // A comparison that finds nothing proves nothing until it is seen to find something.
    private static void FindCount(ScenarioRun run, FirstHoldings expected, PhysicalMemory memory, ulong[] clock)
    {
        ulong state = FirstHoldings.BlockOf(memory) + StateOffset;
        PhysicalMemory counted = memory.With([KeyValuePair.Create(state, memory.Word(state) + (ulong)run.Shape.Cores)]);
        run.Count("defects", 1);
        if (expected.DifferenceFrom(FirstHoldings.Read(counted, clock)) is null)
        {
            run.Fail("a number of instances in the state block is not found");
        }
    }

    private static (PhysicalMemory Memory, ulong[] Clock)? Capture(ScenarioRun run, VmSettings settings)
    {
        using VmMachine machine = VmMachine.Start(settings);
        if (!machine.Serial.WaitUntil(records => records.Any(IsCoordinator), settings.TimeLimit))
        {
            machine.Stop();
            run.Fail($"{settings.Cores} cores: the coordinator is not there: {settings.Emulator} {string.Join(" ", settings.Arguments)}");
            return null;
        }

        PhysicalMemory memory = StoppedMachine.Memory(machine, settings.MemoryMiB);
        while (!FirstHoldings.AreThere(memory) && machine.Elapsed < settings.TimeLimit)
        {
            memory = StoppedMachine.Memory(machine, settings.MemoryMiB);
        }

        SerialRecord clock = machine.Serial.Records.First(record => record.Name == "clock");
        machine.Stop();
        return (memory, [clock.Number("tsc-hz"), clock.Number("apic-hz")]);
    }

    private static bool IsCoordinator(SerialRecord record) => record.Name == "instance" && record["core"] == "0";
}
