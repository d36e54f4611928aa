using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Symbols;

namespace Atoll.TestVm.Scenarios;

/// <summary>The shell tells of the programs, memory and kernels of all cores, and orders programs on any of them; a core that is gone is named, and answers again when it is back.</summary>
public sealed partial class ShellCoresScenario : SystemScenario
{
    // Each answer of the shell is a look. An instance is up after a few milliseconds; a virtual core on a busy host takes longer.
    private const int LooksMax = 100;

    // As many as the shell's need has ends.
    private const int CoresAsked = 16;

    /// <inheritdoc/>
    public override string Name => "shell-cores";

    /// <inheritdoc/>
    public override string Description => "a person at the shell sees the programs of every core, and starts and stops them there";

    /// <inheritdoc/>
    public override string? SystemName => "cores";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(1) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128, Icount = true }, new(20) { MemoryMiB = 512, IsLong = true },
    ];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        int cores = int.Min(run.Shape.Cores, CoresAsked);
        SaysWhere(run, expect, terminal);
        for (int core = 0; core < cores; core++)
        {
            int asked = core;
            Become(expect, terminal, $"'ps' shows core {core}", said => Runs(said, "agent", asked, starts: 1) && Runs(said, "clock", asked, starts: 1));
        }

        Tells(run, expect, terminal, cores);
        TellsWhatStopped(expect, terminal, cores);
        TellsInterrupts(expect, terminal, cores);
        Orders(expect, terminal, core: cores - 1, cores);
        if (cores > 1)
        {
            Comes(expect, terminal, core: cores - 1);
        }

        run.Count("cores", cores);
    }

    private static void Tells(ScenarioRun run, Expectations expect, GuestTerminal terminal, int cores)
    {
        string programs = Ask(expect, terminal, "ps");
        expect.Equal(1, Regex.Count(programs, "^shell ", RegexOptions.Multiline), "lines of the shell, which runs once");
        expect.That(!programs.Contains("elsewhere", StringComparison.Ordinal), $"a program runs nowhere: {programs}");
        string kernels = Ask(expect, terminal, "cores");
        expect.That(kernels.Contains($"core 0 of {run.Shape.Cores}", StringComparison.Ordinal), $"'cores' does not count them: {kernels}");
        string[] rows = [.. Kernel().Matches(kernels).Select(row => row.Groups[1].Value)];
        expect.Equal(string.Join(' ', Enumerable.Range(0, cores)), string.Join(' ', rows), "cores whose kernels tell what they did");
        expect.That(Kernel().Matches(kernels).All(row => row.Groups[2].Value != "0"), $"a kernel that nobody has called: {kernels}");
        string memory = Ask(expect, terminal, "mem");
        expect.Equal(cores, Regex.Count(memory, "^instance ", RegexOptions.Multiline), "instances that tell their memory");
        expect.Equal(cores, Regex.Count(memory, "^clock +128 KiB", RegexOptions.Multiline), "clocks that have memory");
        expect.That(
            run.Shape.Cores > CoresAsked == kernels.Contains("cores from 16 on are not asked", StringComparison.Ordinal), $"more cores than ends are not told: {kernels}");
    }

    // 'faulty' of each core has faulted twice, where no supervisor hears of it.
    private static void TellsWhatStopped(Expectations expect, GuestTerminal terminal, int cores)
    {
        string log = Ask(expect, terminal, "log");
        for (int core = 0; core < cores; core++)
        {
            expect.Equal("restarted budget-spent", Stops(log, core), $"what became of 'faulty' on core {core}, by 'log': {log}");
        }

        int last = cores - 1;
        string one = Ask(expect, terminal, $"log {last}");
        expect.Equal("restarted budget-spent", Stops(one, last), $"what became of 'faulty', by 'log {last}': {one}");
        expect.Equal(2, Regex.Count(one, " ms  core "), $"lines of 'log {last}'");
        expect.That(Ask(expect, terminal, "log 63").Contains("no such core answers", StringComparison.Ordinal), "'log' told of a core that is not there");
    }

    // The console has a record of each, from which 'run' makes method, file and line, as of a fault on the first core.
    private static void SaysWhere(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        SymbolMap symbols = SymbolMap.BesideImage(Path.Combine(Path.GetDirectoryName(run.ImagePath)!, "programs", "crash.elf"));
        for (int core = 0; core < run.Shape.Cores; core++)
        {
            string own = $"{core}";
            expect.That(terminal.WaitUntilHeard($"outcome=budget-spent core={own}\r\n"), $"the console was not told of the last fault on core {own}");
            Match[] told = [.. Fault().Matches(terminal.Heard).Where(record => record.Groups[3].Value == own)];
            expect.Equal("restarted budget-spent", string.Join(' ', told.Select(record => record.Groups[2].Value)), $"records of faults on core {own}");
            foreach (string place in told.Select(record => symbols.Describe(Convert.ToUInt64(record.Groups[1].Value, 16))))
            {
                expect.That(
                    place.Contains("CrashProgram.Write+", StringComparison.Ordinal) && place.Contains("CrashProgram.cs:", StringComparison.Ordinal),
                    $"the fault on core {own} is reported at {place}, not in the method that writes");
            }
        }
    }

    // Only the first core has a line; timers and doorbells interrupt programs of all.
    private static void TellsInterrupts(Expectations expect, GuestTerminal terminal, int cores)
    {
        string all = Ask(expect, terminal, "irq");
        string[] told = [.. Interrupts().Matches(all).Select(row => row.Groups[1].Value)];
        expect.Equal(string.Join(' ', Enumerable.Range(0, cores)), string.Join(' ', told), "cores that tell their interrupts");
        expect.Equal(1, Regex.Count(all, "^console +uart-line$", RegexOptions.Multiline), $"lines of the console: {all}");
        int last = cores - 1;
        string one = Ask(expect, terminal, $"irq {last}");
        expect.Equal($"{last}", string.Join(' ', Interrupts().Matches(one).Select(row => row.Groups[1].Value)), $"cores of 'irq {last}'");
        expect.That(one.Contains("uart-line", StringComparison.Ordinal) == (last == 0), $"'irq {last}' names another core's line: {one}");
        expect.That(Ask(expect, terminal, "irq 63").Contains("no such core answers", StringComparison.Ordinal), "'irq' told of a core that is not there");
    }

    private static string Stops(string log, int core) =>
        string.Join(' ', Stop().Matches(log).Where(row => row.Groups[1].Value == $"{core}").Select(row => row.Groups[2].Value));

    // On one core, and nothing changes on the others.
    private static void Orders(Expectations expect, GuestTerminal terminal, int core, int cores)
    {
        expect.That(Ask(expect, terminal, $"caps clock {core}").Contains("clients        endpoint       r---", StringComparison.Ordinal), "'caps' does not tell of that core");
        expect.That(Ask(expect, terminal, $"kill clock {core}").Contains("taken away", StringComparison.Ordinal), "the clock was not taken away");
        string programs = Ask(expect, terminal, "ps");
        expect.That(Regex.IsMatch(programs, $@"^clock +stopped .* {core}$", RegexOptions.Multiline), $"the clock of core {core} does not stand still: {programs}");
        expect.That(Ask(expect, terminal, $"start clock {core}").Contains("started", StringComparison.Ordinal), "the clock was not started");
        expect.That(Ask(expect, terminal, $"restart clock {core}").Contains("started again", StringComparison.Ordinal), "the clock was not started again");
        programs = Ask(expect, terminal, "ps");
        for (int other = 0; other < cores; other++)
        {
            expect.That(Runs(programs, "clock", other, starts: other == core ? 3 : 1), $"the clock of core {other} was started another number of times: {programs}");
        }

        expect.That(Ask(expect, terminal, "kill clock 63").Contains("no such core answers", StringComparison.Ordinal), "a core that is not there was ordered");
        string agent = Ask(expect, terminal, $"kill agent {core}");
        string expected = core == 0 ? "taken away" : "that is who carries the order";
        expect.That(agent.Contains(expected, StringComparison.Ordinal), $"'kill agent {core}' was answered: {agent}");
        expect.That(core != 0 || Ask(expect, terminal, "start agent").Contains("started", StringComparison.Ordinal), "the agent was not started");
    }

    // The agent of the core's next life is another program at the other end of the same channel.
    private static void Comes(Expectations expect, GuestTerminal terminal, int core)
    {
        expect.That(Ask(expect, terminal, $"instances stop {core}").Contains("told", StringComparison.Ordinal), "the core was not stopped");
        Become(expect, terminal, $"'ps' says that core {core} is silent", said => said.Contains($"core {core} does not answer", StringComparison.Ordinal) && Runs(said, "clock", core - 1, starts: 1));
        expect.That(Ask(expect, terminal, $"instances start {core}").Contains("told", StringComparison.Ordinal), "the core was not started");
        Become(expect, terminal, $"the faults of core {core}'s next life are told", _ => Fault().Matches(terminal.Heard).Count(record => record.Groups[3].Value == $"{core}") == 4);
        Become(expect, terminal, $"'ps' shows core {core} again", said => Runs(said, "clock", core, starts: 1) && !said.Contains("does not answer", StringComparison.Ordinal));
    }

    private static void Become(Expectations expect, GuestTerminal terminal, string what, Func<string, bool> isSo)
    {
        string said = "";
        for (int look = 0; look < LooksMax; look++)
        {
            said = Ask(expect, terminal, "ps");
            if (isSo(said))
            {
                return;
            }
        }

        expect.That(false, $"{what}: never; last {said}");
    }

    // Wide: name, state, priority, starts, time, calls, memory, core.
    private static bool Runs(string said, string program, int core, int starts) =>
        Regex.IsMatch(said, $@"^{program} +running +\d+ +{starts} +\d+ +\d+ +\d+ KiB +{core}$", RegexOptions.Multiline);

    [GeneratedRegex(@"^ +\d+ ms  core (\d+)  faulty +page-fault at 0x[0-9a-f]+, 0x[0-9a-f]+: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Stop();

    [GeneratedRegex(@"@fault program=faulty image=crash kind=page-fault rip=0x([0-9a-f]+) address=0xdead0000 outcome=(\S+) core=(\d+)\b")]
    private static partial Regex Fault();

    [GeneratedRegex(@"^core (\d+), interrupts while programs ran: \d+$", RegexOptions.Multiline)]
    private static partial Regex Interrupts();

    [GeneratedRegex(@"^ +(\d+) +(\d+) +\d+ +\d+ +\d+ +\d+ +\d+$", RegexOptions.Multiline)]
    private static partial Regex Kernel();
}
