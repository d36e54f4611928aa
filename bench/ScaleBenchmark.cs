using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench;

/// <summary>What happens elsewhere must cost a core nothing; what instances cost each other when they come and go: instructions of virtual cores, counted one by one.</summary>
/// <remarks>
/// For a flood, a start and a panic the same machine boots twice under instruction counting, once with more going on among the others. QEMU writes down every instruction of the kernel's text with its core; the difference
/// of the two counts of the core that has no part in it is what it was charged. For the others one boot is enough: what is counted lies between two functions of its trace.
/// </remarks>
public sealed class ScaleBenchmark : Benchmark
{
    private const int Uninvolved = 3;
    private const int CoresUsual = Uninvolved + 1;
    private const int Few = 20, Many = 220, Long = 1000;

    // A fault waits for 100 messages: with 40 of each other core there is little left to be done.
    private const string NearlyDone = "workload=matrix messages=40 idle.turns=0 end=pass";
    private const int Dead = 1;
    private const string Lending = "across-loan";
    private const string Shell = "shell";
    private const string ShellPrompt = "atoll> ";
    private const int Started = 1;
    private const int CoresOfAStart = 2;

    // docs/systems.md, "Rules": where the image of a program is mapped.
    private const ulong ProgramStart = 0x40_0000, ProgramEnd = 0x80_0000;

    /// <inheritdoc/>
    public override string Name => "scale";

    /// <inheritdoc/>
    public override string Description =>
        "instructions that a flood, a start, a panic and revokes elsewhere add on a core that has no part in them; of a death until all peers know, and of a start until a program runs";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Systems => [Lending, Shell];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        long quiet = Count(setup, CoresUsual, Few, "");
        yield return Added("uninvolved.flood", Count(setup, CoresUsual, Many, "") - quiet);
        yield return Added("uninvolved.provision", Count(setup, CoresUsual + 1, Few, "") - quiet);
        yield return Added("uninvolved.panic", Count(setup, CoresUsual, Long, "fault=check@1 ") - quiet);
        yield return Added("uninvolved.revoke", Revokes(setup));
        yield return Detection(setup, "death.panic", "fault=check@1", Dead, "InstancePanic.Die");
        yield return Detection(setup, "death.hang", "fault=silence@1 hang.deadline=2", 0, "Fencing.Fence");
        TraceWindow start = Start(setup);
        yield return new Figure("provision.first-instruction", "instructions", start.Total) { Aim = 200_000, Cores = CoresOfAStart };
        yield return new Figure("provision.first-instruction.instance", "instructions", start.Of(Started)) { Cores = CoresOfAStart };
    }

    private static Figure Added(string name, long instructions) => new(name, "instructions", instructions) { Aim = 0, Cores = CoresUsual };

    private static long Count(BenchmarkSetup setup, int cores, int messages, string more)
    {
        string parameters = $"workload=ring workload.cores=0-{Uninvolved - 1} messages={messages} idle.turns=0 {more}end=pass";
        return Trace(setup, cores, parameters, trace => trace.LongCount(instruction => instruction.Core == Uninvolved));
    }

    // All cores but the dead are its peers. From the first instruction of whoever finds out to the last with which a peer has let go of its link.
    private static Figure Detection(BenchmarkSetup setup, string name, string fault, int finder, string finds)
    {
        Func<ulong, string?> nameOf = Names(setup.TrialImagePath);
        TraceWindow window = new(
            CoresUsual,
            instruction => instruction.Core == finder && Is(nameOf(instruction.Address), finds),
            instruction => instruction.Core != Dead && Is(nameOf(instruction.Address), "LinkTurn.Lose"));
        _ = Trace(setup, CoresUsual, $"{fault} {NearlyDone}", trace => window.Read(trace));
        long instructions = window.Total - (finder == Dead ? 0 : window.Of(Dead));
        return window.EndedOn.Count == CoresUsual - 1
            ? new Figure(name, "instructions", instructions) { Cores = CoresUsual }
            : throw new BenchmarkException($"{window.EndedOn.Count} of {CoresUsual - 1} peers have let go of the dead; is {finds} or LinkTurn.Lose called otherwise now, or inlined?");
    }

    // The programs of four cores lend a page and take it back, 61 times: from the first answer of a holder to the last. A fifth core has no part in it.
    private static long Revokes(BenchmarkSetup setup)
    {
        Func<ulong, string?> nameOf = Names(setup.ImagePath);
        TraceWindow window = new(
            CoresUsual + 1,
            instruction => instruction.Core == 0 && Is(nameOf(instruction.Address), "RemoteState.Returned"),
            instruction => instruction.Core == 0 && Is(nameOf(instruction.Address), "RemoteState.WakeRevokers"));
        TracePrograms(setup, Lending, CoresUsual + 1, "loan: measured", window);
        return window.Of(0) > Long
            ? window.Of(CoresUsual)
            : throw new BenchmarkException($"the trace of '{Lending}' shows no revokes: {window.Of(0)} instructions");
    }

    // From the coordinator's first instruction for it to the first of a program of the new instance. During a boot nothing else goes on.
    private static TraceWindow Start(BenchmarkSetup setup)
    {
        Func<ulong, string?> nameOf = Names(setup.ImagePath);
        TraceWindow window = new(
            CoresOfAStart,
            instruction => instruction.Core == 0 && Is(nameOf(instruction.Address), "CoreStarter.Begin"),
            instruction => instruction.Core == Started && instruction.Address is >= ProgramStart and < ProgramEnd,
            stopsAtFirst: true);
        TracePrograms(setup, Shell, CoresOfAStart, ShellPrompt, window);
        return window;
    }

    private static void TracePrograms(BenchmarkSetup setup, string system, int cores, string end, TraceWindow window)
    {
        string trace = Path.GetTempFileName();
        try
        {
            using GuestTerminal terminal = new(Programs(setup, system, cores) with { TracePath = trace }, ScenarioRun.BootLimit(cores));
            bool isThrough = terminal.WaitUntilHeard(end);
            terminal.Machine.Stop();
            window.Read(InstructionTrace.Read(File.ReadLines(trace)));
            if (!isThrough || window.EndedOn.Count != 1)
            {
                throw new BenchmarkException(
                    $"'{system}' did not say '{end}', or its trace does not show what is counted; heard last: {terminal.Heard[int.Max(0, terminal.Heard.Length - 300)..]}");
            }
        }
        finally
        {
            File.Delete(trace);
        }
    }

    private static VmSettings Programs(BenchmarkSetup setup, string system, int cores) => new()
    {
        ImagePath = setup.ImagePath,
        ModulePath = $"artifacts/systems/{system}.bundle",
        Cores = cores,
        MemoryMiB = 128,
        Icount = true,
        LogsExecution = true,
        BootParameters = "end=never grant=8 console=program",
        TimeLimit = ScenarioRun.BootLimit(cores),
    };

    private static T Trace<T>(BenchmarkSetup setup, int cores, string parameters, Func<IEnumerable<TracedInstruction>, T> read)
    {
        string trace = Path.GetTempFileName();
        try
        {
            var settings = new VmSettings
            {
                ImagePath = setup.TrialImagePath,
                Cores = cores,
                Icount = true,
                BootParameters = parameters,
                TracePath = trace,
                TimeLimit = ScenarioRun.BootLimit(cores),
            };
            VmOutcome outcome = VmMachine.Run(settings);
            return outcome.Passed
                ? read(InstructionTrace.Read(File.ReadLines(trace)))
                : throw new BenchmarkException(FailureReport.Write(outcome, ["the run to be measured failed"], SymbolMap.BesideImage(setup.TrialImagePath)));
        }
        finally
        {
            File.Delete(trace);
        }
    }

    private static Func<ulong, string?> Names(string image)
    {
        SymbolMap map = SymbolMap.BesideImage(image);
        Dictionary<ulong, string?> known = [];
        return address =>
        {
            if (!known.TryGetValue(address, out string? name))
            {
                known[address] = name = map.NameOf(address);
            }

            return name;
        };
    }

    // Type arguments are left out.
    private static bool Is(string? name, string function) => name is not null && name.Split('<')[0].EndsWith(function, StringComparison.Ordinal);
}
