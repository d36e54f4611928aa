using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A person stops, kills and starts kernels of other cores at the shell; what was theirs comes back, and their programs begin again.</summary>
public sealed class ChurnScenario : CoreOrdersScenario
{
    private const int CyclesUsual = 8;
    private const int CyclesOfALongRun = 1000;

    /// <inheritdoc/>
    public override string Name => "churn";

    /// <inheritdoc/>
    public override string Description => "kernels of other cores are stopped, killed and started from the shell, again and again; no memory is lost, the policy holds";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { MemoryMiB = 128, Icount = true },
        new(16) { MemoryMiB = 256 },
        new(4) { MemoryMiB = 128, Icount = true, Rounds = CyclesOfALongRun, IsLong = true },
    ];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=8 console=program";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        const string Whole = "healthy";
        Become(expect, terminal, core: 1, Whole, life: 1, hasMemory: true);
        Policy(expect, terminal);
        Events(expect, terminal);
        Refusals(expect, terminal, run.Shape.Cores);

        // Were the grant of one life lost in each cycle, there would be no memory after ten.
        int cycles = run.Shape.Rounds ?? CyclesUsual;
        for (int cycle = 1; cycle <= cycles; cycle++)
        {
            Tell(expect, terminal, "stop", core: 3);
            if (!Become(expect, terminal, core: 3, "empty", life: cycle, hasMemory: false))
            {
                break;
            }

            Tell(expect, terminal, "start", core: 3);
            if (!Become(expect, terminal, core: 3, Whole, life: cycle + 1, hasMemory: true))
            {
                break;
            }
        }

        run.Count("cycles", cycles);
    }

    // One restart in a day: the second death is final, until somebody orders otherwise.
    private static void Policy(Expectations expect, GuestTerminal terminal)
    {
        Tell(expect, terminal, "kill", core: 2);
        Become(expect, terminal, core: 2, "healthy", life: 2, hasMemory: true);
        Tell(expect, terminal, "kill", core: 2);
        Become(expect, terminal, core: 2, "dead", life: 2, hasMemory: true);
        Tell(expect, terminal, "start", core: 2);
        Become(expect, terminal, core: 2, "healthy", life: 3, hasMemory: true);
        Tell(expect, terminal, "restart", core: 1);
        Become(expect, terminal, core: 1, "healthy", life: 2, hasMemory: true);
    }

    // What Policy has brought about: who died of what, and how the orders ended.
    private static void Events(Expectations expect, GuestTerminal terminal)
    {
        string answer = Ask(expect, terminal, "instances events");
        foreach (string line in (string[])["core 2, life 1: dead, order", "core 2, life 2: dead, order", "core 2, life 3: healthy", "core 1, life 2: healthy"])
        {
            expect.That(answer.Contains(line, StringComparison.Ordinal), $"'{line}' is no event: {answer}");
        }

        foreach (string line in (string[])["core 1: order 1, restart: done; restarts left: 1", "core 2: order 3, start: done; restarts left: 0"])
        {
            expect.That(answer.Contains(line, StringComparison.Ordinal), $"'{line}' did not become of an order: {answer}");
        }
    }

    private static void Refusals(Expectations expect, GuestTerminal terminal, int cores)
    {
        (string Order, string Answer)[] refused =
        [
            ("kill 0", "the first core can be neither stopped nor started"), ($"kill {cores}", "no such core"), ("stop 999", "no such core"),
            ("start 1", "nothing to do"), ("panic 1", "provokes no faults"), ("hang 1", "provokes no faults"),
        ];
        foreach ((string order, string expected) in refused)
        {
            string answer = Ask(expect, terminal, $"instances {order}");
            expect.That(answer.Contains(expected, StringComparison.Ordinal), $"'instances {order}' was not refused: {answer}");
        }

        foreach (string wrong in (string[])["frob 1", "kill", "kill x", "kill 1234"])
        {
            string answer = Ask(expect, terminal, $"instances {wrong}");
            expect.That(answer.Contains("start|stop|kill|restart", StringComparison.Ordinal), $"'instances {wrong}' was understood: {answer}");
        }
    }
}
