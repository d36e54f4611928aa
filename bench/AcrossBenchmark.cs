using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;

namespace Atoll.Bench;

/// <summary>What a message between programs of two cores costs, counted in the instructions of both programs and both kernels.</summary>
/// <remarks>
/// Always under an emulator that counts instructions: there the time-stamp counter is their number, of all cores. The other core sleeps while one works
/// (services/Pair, Loan and Crowd, Meter).
/// </remarks>
public sealed partial class AcrossBenchmark : Benchmark
{
    private static readonly Pair[] s_pairs =
    [
        new("across", "pair", 2,
        [
            ("send", "channel.send", 60),
            ("receive", "channel.receive", 60),
            ("call-reply.polling", "cross.call-reply.polling", 250),
            ("call-reply.asleep", "cross.call-reply.asleep", 900),
            ("protocol-call.asleep", "cross.protocol-call.asleep", 900),
        ]),
        new("across-loan", "loan", 4,
        [
            ("give", "cross.capability.give", null),
            ("unmap.1", "cross.unmap.1", 300),
            ("unmap.2", "cross.unmap.2", 300),
            ("unmap.3", "cross.unmap.3", 300),
            ("revoke.1", "cross.revoke.1-holder", null),
            ("revoke.2", "cross.revoke.2-holders", null),
            ("revoke.3", "cross.revoke.3-holders", null),
            ("revoke.chain", "cross.revoke.chain-32", null),
        ]),
        new("ready-10", "crowd", 2, [("ready", "channel.ready.10", null), ("call", "channel.call-reply.10", null)]),
        new("ready-4096", "crowd", 2, [("ready", "channel.ready.4096", null), ("call", "channel.call-reply.4096", null)])
        {
            MemoryMiB = 1024,
            GrantMiB = 256,
        },
    ];

    /// <inheritdoc/>
    public override string Name => "across";

    /// <inheritdoc/>
    public override string Description => "instructions of messages between programs of two cores, both sides, kernels included";

    /// <inheritdoc/>
    public override bool NeedsTrialImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Systems => [.. s_pairs.Select(pair => pair.System)];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup) => s_pairs.SelectMany(pair => Measure(setup, pair));

    private static IEnumerable<Figure> Measure(BenchmarkSetup setup, Pair pair)
    {
        VmSettings settings = new()
        {
            ImagePath = setup.ImagePath,
            ModulePath = $"artifacts/systems/{pair.System}.bundle",
            Cores = pair.Cores,
            MemoryMiB = pair.MemoryMiB,
            Icount = true,
            BootParameters = $"end=never grant={pair.GrantMiB} console=program",
            TimeLimit = ScenarioRun.BootLimit(pair.Cores),
        };
        using GuestTerminal terminal = new(settings, settings.TimeLimit);
        bool isThrough = terminal.WaitUntilHeard($"{pair.Program}: measured");
        string heard = terminal.Heard;
        terminal.Machine.Stop();
        return isThrough
            ? [.. pair.Figures.Select(figure => Read(heard, pair, figure.Said, figure.Name, figure.Aim))]
            : throw new BenchmarkException($"the programs of '{pair.System}' did not come to their end; heard last: {heard[int.Max(0, heard.Length - 300)..]}");
    }

    private static Figure Read(string heard, Pair pair, string said, string name, double? aim)
    {
        Match match = Line().Matches(heard).SingleOrDefault(match => match.Groups[1].Value == said)
            ?? throw new BenchmarkException($"'{pair.Program}: figure {said}' was not said, or more than once");
        double Number(int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return new Figure(name, "instructions", Math.Round(Number(2) / Number(3), 1)) { Aim = aim, Cores = pair.Cores };
    }

    [GeneratedRegex(@"(?:pair|loan|crowd): figure (\S+) (\d+) of (\d+)")]
    private static partial Regex Line();

    /// <param name="System">Which is booted.</param>
    /// <param name="Program">What its lines begin with.</param>
    /// <param name="Cores">Cores of the machine.</param>
    /// <param name="Figures">What is said, what it is called, its aim.</param>
    private sealed record Pair(string System, string Program, int Cores, (string Said, string Name, double? Aim)[] Figures)
    {
        /// <summary>MiB of the machine.</summary>
        public int MemoryMiB { get; init; } = 128;

        /// <summary>MiB of each core's grant.</summary>
        public int GrantMiB { get; init; } = 8;
    }
}
