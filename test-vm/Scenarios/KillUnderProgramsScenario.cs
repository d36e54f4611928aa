using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Kernels of all cores but the first are stopped, panic and hang at seeded moments while their programs send; whoever listens on the first loses nothing but what the dead had not sent.</summary>
public sealed partial class KillUnderProgramsScenario : AddressSpaceScenario
{
    private const int DeathsUsual = 44;
    private const int DeathsOfALongRun = 260;

    // What systems/survive.toml says: after so many deaths the listener says what it has heard.
    private const int DeathsOfAReport = 10;

    // Init, console, supervisor, shell and the listener on the first core; Init and a sender on each other.
    private const int OnFirstCore = 5;
    private const int OnOthers = 2;

    private const int Cores = 4;
    private const int PageBytes = 4096;

    // See KillAnyScenario.
    private const int DeadlineInTurns = 5;

    /// <inheritdoc/>
    public override string Name => "kill-under-programs";

    /// <inheritdoc/>
    public override string Description =>
        "kernels die and hang at seeded moments while programs send over channels: what is heard of each life is in order and unchanged, each death is told once, each frame is accounted for";

    /// <inheritdoc/>
    public override string? SystemName => "survive";

    /// <inheritdoc/>
    public override bool NeedsTrials => true;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(Cores) { MemoryMiB = 128, Icount = true },
        .. Enumerable.Range(2, 2).Select(seed => new VmShape(Cores) { MemoryMiB = 128, Icount = true, Seed = seed, Rounds = DeathsOfALongRun, IsLong = true }),
    ];

    /// <inheritdoc/>
    protected override string BootParameters(VmShape shape) => string.Create(
        CultureInfo.InvariantCulture,
        $"end=never grant=4 console=program report=pages workload=none kills={KillsOn(shape)} kills.how=any hang.deadline={DeadlineInTurns} seed={shape.Seed ?? 1}");

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        int kills = KillsOn(run.Shape);
        MachineView machine = LookWhenAllAreBack(run, expect, terminal, kills);
        HostilityReport coordinator = HostilityReport.Read(machine.Memory, machine.Instances[0]);
        expect.Equal((ulong)kills, coordinator.Deaths, "deaths");
        expect.Equal(
            coordinator.PoolBefore, coordinator.PoolFree + (2 * PageBytes * (coordinator.Links + coordinator.Channels)), "bytes of the pool, free, in links or in channels");

        // A kernel that dies before its program has a channel is not heard of, nor are those after the last report; nobody is heard of twice.
        Dictionary<string, long> said = Said().Matches(terminal.Heard).GroupBy(match => match.Groups[1].Value).ToDictionary(
            words => words.Key, words => words.Max(match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
        long told = said.GetValueOrDefault("told");
        expect.That(told >= (kills * 2 / 3) - DeathsOfAReport && told <= kills, string.Create(CultureInfo.InvariantCulture, $"{told} of {kills} deaths were heard of"));
        expect.Equal(0, said.GetValueOrDefault("wrong", -1), "messages that were lost in between, doubled or changed");
        expect.That(said.GetValueOrDefault("numbers") > kills, "hardly anything was sent");
        Judge(run, expect, machine, core => core == 0 ? OnFirstCore : OnOthers, []);
        run.Count("deaths", (long)coordinator.Deaths);
        run.Count("told", told);
        run.Count("numbers", said.GetValueOrDefault("numbers"));
        run.Count("links", (long)coordinator.Links);
        run.Count("channels", (long)coordinator.Channels);
    }

    private static int KillsOn(VmShape shape) => shape.Rounds ?? DeathsUsual;

    // The sum of all lives but the first, when all are alive. The shell's answer takes the guest on.
    private static int Deaths(Expectations expect, GuestTerminal terminal)
    {
        MatchCollection rows = Row().Matches(Ask(expect, terminal, "instances"));
        return rows.Count == Cores ? rows.Sum(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture) - 1) : -1;
    }

    private MachineView LookWhenAllAreBack(ScenarioRun run, Expectations expect, GuestTerminal terminal, int kills)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan limit = run.Settings("").TimeLimit * 3 / 4;
        while (Deaths(expect, terminal) != kills && Stopwatch.GetElapsedTime(start) < limit)
        {
        }

        MachineView machine = Look(run, terminal);
        while (new ChannelMap(machine, machine.Walk()).Whole.Count != Cores - 1 && Stopwatch.GetElapsedTime(start) < limit)
        {
            Settle(expect, terminal);
            machine = Look(run, terminal);
        }

        return machine;
    }

    [GeneratedRegex(@"^ *\d+  healthy +(\d+) +\d+ +\d+ KiB$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"midway: ([a-z]+) (\d+)")]
    private static partial Regex Said();
}
