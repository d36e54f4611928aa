using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;

namespace Atoll.Bench;

/// <summary>What a message between programs of two cores costs, counted in the instructions of both programs and both kernels.</summary>
/// <remarks>
/// Always under an emulator that counts instructions: there the time-stamp counter is their number, of all cores. The other core sleeps while one works
/// (services/Pair, Meter).
/// </remarks>
public sealed partial class AcrossBenchmark : Benchmark
{
    private const int Cores = 2;
    private const string System = "across";

    private static readonly (string Said, string Name, double Aim)[] s_figures =
    [
        ("send", "channel.send", 60),
        ("receive", "channel.receive", 60),
        ("call-reply.asleep", "cross.call-reply.asleep", 900),
        ("protocol-call.asleep", "cross.protocol-call.asleep", 900),
    ];

    /// <inheritdoc/>
    public override string Name => "across";

    /// <inheritdoc/>
    public override string Description => "instructions of messages between programs of two cores, both sides, kernels included";

    /// <inheritdoc/>
    public override bool NeedsTrialImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Systems => [System];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        VmSettings settings = new()
        {
            ImagePath = setup.ImagePath,
            ModulePath = $"artifacts/systems/{System}.bundle",
            Cores = Cores,
            MemoryMiB = 128,
            Icount = true,
            BootParameters = "end=never grant=8 console=program",
            TimeLimit = ScenarioRun.BootLimit(Cores),
        };
        using GuestTerminal terminal = new(settings, settings.TimeLimit);
        bool isThrough = terminal.WaitUntilHeard("pair: measured");
        string heard = terminal.Heard;
        terminal.Machine.Stop();
        return isThrough
            ? [.. s_figures.Select(figure => Read(heard, figure.Said, figure.Name, figure.Aim))]
            : throw new BenchmarkException($"the programs that measure did not come to their end; heard last: {heard[int.Max(0, heard.Length - 300)..]}");
    }

    private static Figure Read(string heard, string said, string name, double aim)
    {
        Match match = Line().Matches(heard).SingleOrDefault(match => match.Groups[1].Value == said)
            ?? throw new BenchmarkException($"'pair: figure {said}' was not said, or more than once");
        double Number(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return new Figure(name, "instructions", Math.Round(Number(2) / Number(3), 1)) { Aim = aim, Cores = Cores };
    }

    [GeneratedRegex(@"pair: figure (\S+) (\d+) of (\d+)")]
    private static partial Regex Line();
}
