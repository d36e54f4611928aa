using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench;

/// <summary>What messages, wake-ups, idleness and links cost in the guest, counted in instructions and bytes.</summary>
/// <remarks>
/// Always under an emulator that counts instructions: there the time-stamp counter is the number of instructions of all cores.
/// What happens once, such as the making of instances and links, is taken out by the difference of a long and a short run.
/// </remarks>
public sealed class GuestRingBenchmark : Benchmark
{
    private const string Instructions = "instructions";
    private const int Wakes = 100;
    private const int Few = 20_000, Many = 60_000;
    private const int IdleMilliseconds = 100_000;
    private const int IdleCores = 4;

    // What one ring page can do with scalar stores, counted by hand in the disassembly, is 26 and 29.
    private static readonly Dictionary<string, double> s_ringAims = new()
    {
        ["ring.send.instructions"] = 26,
        ["ring.receive.instructions"] = 29,
    };

    /// <inheritdoc/>
    public override string Name => "rings-guest";

    /// <inheritdoc/>
    public override string Description => "instructions to send, receive, wake and idle, and memory of a link, in the guest";

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        VmOutcome measured = Run(setup, cores: 2, "measure=rings messages=1 end=pass");
        foreach (SerialRecord record in measured.RecordsOf("figure"))
        {
            yield return Ring(record);
        }

        yield return new Figure("pair.message", Instructions, PerMessage(setup, "workload=ring"));
        yield return new Figure("cross.wake", Instructions, Wake(setup)) { Aim = 250 };
        yield return new Figure("cross.hop", Instructions, PerMessage(setup, "workload=doorbell idle.turns=0"));
        foreach (Figure figure in Idle(RunIdle(setup)))
        {
            yield return figure;
        }

        int links = measured.RecordsOf("link").Select(Pair).Distinct().Count();
        ulong bytes = (ulong)LinkReport.From(measured.Records).Count * 4096;
        yield return new Figure("memory.link", "bytes", (double)bytes / links) { Aim = 8192 };
    }

    private static Figure Ring(SerialRecord record)
    {
        double value = record.TryNumber("tenths", out ulong tenths) ? tenths / 10.0 : record.Number("value");
        string name = record["name"];
        return new Figure(name, Instructions, value) { Aim = s_ringAims.TryGetValue(name, out double aim) ? aim : null };
    }

    private static double Wake(BenchmarkSetup setup)
    {
        string trace = Path.GetTempFileName();
        try
        {
            string parameters = $"workload=doorbell idle.turns=0 workload.cores=1-2 messages={Wakes} end=pass";
            Passed(setup, VmMachine.Run(Settings(setup, cores: 3, parameters) with { TracePath = trace }));
            return WakePath.Count(InstructionTrace.Read(File.ReadLines(trace)), SymbolMap.BesideImage(setup.TrialImagePath).NameOf);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    // Two members, so that the coordinator sleeps like all the others.
    private static double PerMessage(BenchmarkSetup setup, string workload)
    {
        (ulong Ticks, ulong Messages) few = Pair(Few), many = Pair(Many);
        return Math.Round((double)(many.Ticks - few.Ticks) / (many.Messages - few.Messages), 1);

        (ulong Ticks, ulong Messages) Pair(int messages)
        {
            VmOutcome outcome = Run(setup, cores: 3, $"{workload} workload.cores=1-2 messages={messages} end=pass");
            IReadOnlyList<SerialRecord> rings = outcome.RecordsOf("ring");
            return (rings.Max(ring => ring.Number("ticks")), rings.Aggregate(0UL, (sum, ring) => sum + ring.Number("received")));
        }
    }

    private static IEnumerable<Figure> Idle(VmOutcome outcome)
    {
        foreach (IGrouping<string, SerialRecord> core in outcome.RecordsOf("live").GroupBy(record => record["core"]))
        {
            SerialRecord[] reports = [.. core.Skip(1).Take(2)];
            ulong Passed(string key) => reports[1].Number(key) - reports[0].Number(key);

            bool isCoordinator = core.Key == "0";
            if (!isCoordinator && core.Key != "1")
            {
                continue;
            }

            string name = isCoordinator ? "idle.coordinator" : "idle.member";
            ulong events = Passed("heartbeat");
            yield return new Figure($"{name}.events", "per second", events * 1000.0 / IdleMilliseconds) { Aim = 1, Cores = IdleCores };
            if (isCoordinator)
            {
                // Everybody else sleeps, so what is not slept is the coordinator's own.
                double awake = Passed("tsc") - Passed("slept");
                yield return new Figure($"{name}.event", Instructions, Math.Round(awake / events)) { Aim = 500, Cores = IdleCores };
            }
        }
    }

    private static (string, string) Pair(SerialRecord link) =>
        string.CompareOrdinal(link["producer"], link["consumer"]) < 0
            ? (link["producer"], link["consumer"])
            : (link["consumer"], link["producer"]);

    private static VmOutcome Run(BenchmarkSetup setup, int cores, string parameters) =>
        Passed(setup, VmMachine.Run(Settings(setup, cores, parameters)));

    private static VmOutcome RunIdle(BenchmarkSetup setup)
    {
        VmSettings settings = Settings(setup, IdleCores, $"workload=none live={IdleMilliseconds}");
        using VmMachine machine = VmMachine.Start(settings);
        string last = (IdleCores - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        machine.Serial.WaitUntil(
            records => records.Count(record => record.Name == "live" && record["core"] == last) >= 3, settings.TimeLimit);
        machine.Send("q");
        return Passed(setup, machine.WaitForEnd());
    }

    private static VmSettings Settings(BenchmarkSetup setup, int cores, string parameters) => new()
    {
        ImagePath = setup.TrialImagePath,
        Cores = cores,
        Icount = true,
        BootParameters = parameters,
        TimeLimit = ScenarioRun.BootLimit(cores),
    };

    private static VmOutcome Passed(BenchmarkSetup setup, VmOutcome outcome) => outcome.Passed
        ? outcome
        : throw new BenchmarkException(
            FailureReport.Write(outcome, ["the run to be measured failed"], SymbolMap.BesideImage(setup.TrialImagePath)));
}
