using System.Diagnostics;
using System.Globalization;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>A kernel says to all others whatever a kernel can say: what was not its own stays as it was.</summary>
public sealed class HostileInstanceScenario : AddressSpaceScenario
{
    // A round is each kind once.
    private const int MessagesUsual = 7800;
    private const int MessagesOfALongRun = 78_000;

    // What systems/hostile.toml says.
    private const int Victims = 3;
    private const int Numbers = 4000;
    private const int Rounds = 50;

    private const int PageBytes = 4096;

    /// <inheritdoc/>
    public override string Name => "hostile-instance";

    /// <inheritdoc/>
    public override string Description =>
        "a kernel sends all others every kind of message with words at the edges: all it has no right to is refused and counted, and nobody's work, memory or tables change";

    /// <inheritdoc/>
    public override string? SystemName => "hostile";

    /// <inheritdoc/>
    public override bool NeedsTrials => true;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { MemoryMiB = 128 },
        new(4) { MemoryMiB = 128, Icount = true },
        new(16) { MemoryMiB = 256 },
        .. Enumerable.Range(2, 3).Select(seed => new VmShape(4) { MemoryMiB = 128, Icount = true, Seed = seed, Rounds = MessagesOfALongRun, IsLong = true }),
    ];

    /// <inheritdoc/>
    protected override string BootParameters(VmShape shape) => string.Create(
        CultureInfo.InvariantCulture,
        $"{base.BootParameters(shape)} workload=none fault=hostile@{shape.Cores - 1} hostile.messages={MessagesTo(shape)} seed={shape.Seed ?? 1}");

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        HostilityReport[] early = [.. Others(Look(run, terminal))];
        if (run.Shape.Icount)
        {
            // Threads of a busy host may let it say all before.
            expect.That(early.All(status => status.Heard <= (ulong)MessagesTo(run.Shape)), "the hostile kernel had said all before the shell ran");
        }

        run.Count("heard-before-programs", (long)early.Max(status => status.Heard));
        string[] sayings =
        [
            .. Enumerable.Range(0, Victims).Select(core => $"mesh: core {core} received {(Victims - 1) * Numbers}, wrong 0"),
            $"loan: given {(Rounds * (((Victims - 1) * 3) + 1)) + (2 * (Victims - 1))}", $"loan: used {Rounds * (Victims - 1)}", $"loan: revoked {(Rounds * 3) + Victims}",
            $"loan: threads stopped {LoanScenario.RoundsOfControl * (Victims - 1)}", $"loan: moved back {LoanScenario.RoundsOfMoves * (Victims - 1)}",
            $"loan: calls answered {Rounds * (Victims - 1)}", $"loan: calls refused {Victims - 1}", "loan: out 0", "loan: wrong 0",
        ];
        foreach (string said in sayings)
        {
            expect.That(terminal.WaitUntilHeard(said), $"'{said}' was not said");
        }

        MachineView machine = LookWhenHeard(run, expect, terminal);
        Judge(run, expect, machine, Programs, []);
        JudgeCounts(run, expect, machine);
    }

    // The scenario's number of rounds is that of messages.
    private static int MessagesTo(VmShape shape) => shape.Rounds ?? MessagesUsual;

    // Init everywhere; a node and a lender or borrower with each victim; on the first core console, supervisor and shell. All stay when they have said how it went.
    private static int Programs(int core) => core == 0 ? 6 : core < Victims ? 3 : 1;

    // Between two looks the shell answers, so the guest moves on.
    private MachineView LookWhenHeard(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        long start = Stopwatch.GetTimestamp();
        MachineView machine = Look(run, terminal);
        while (Others(machine).Any(status => status.Heard <= (ulong)MessagesTo(run.Shape))
            && Stopwatch.GetElapsedTime(start) < ScenarioRun.BootLimit(run.Shape.Cores))
        {
            Settle(expect, terminal);
            machine = Look(run, terminal);
        }

        return machine;
    }

    private static IEnumerable<HostilityReport> Others(MachineView machine) =>
        machine.Instances.SkipLast(1).Select(instance => HostilityReport.Read(machine.Memory, instance));

    private static void JudgeCounts(ScenarioRun run, Expectations expect, MachineView machine)
    {
        int messages = MessagesTo(run.Shape);
        HostilityReport hostile = HostilityReport.Read(machine.Memory, machine.Instances[^1]);
        expect.Equal((ulong)(messages * (run.Shape.Cores - 1)), hostile.Sent, "hostile messages sent");
        foreach (HostilityReport other in Others(machine))
        {
            // The last message is an honest question, so that all before it is counted.
            expect.Equal((ulong)messages + 1, other.Heard, $"core {other.Core}: messages heard from the hostile kernel");
            expect.Equal(other.Core == 0 ? hostile.DueFromCoordinator : hostile.DueFromMember, other.Refused, $"core {other.Core}: refusals");
            run.Count("heard", (long)other.Heard);
            run.Count("refused", (long)other.Refused);
        }

        HostilityReport coordinator = HostilityReport.Read(machine.Memory, machine.Instances[0]);
        expect.Equal(coordinator.PoolBefore, coordinator.PoolFree + (2 * PageBytes * (coordinator.Links + coordinator.Channels)), "bytes of the pool, free, in links or in channels");
        run.Count("links", (long)coordinator.Links);
        run.Count("channels", (long)coordinator.Channels);
    }
}
