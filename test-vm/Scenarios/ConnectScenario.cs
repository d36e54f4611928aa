using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs of every core connect to servers of all cores by name while they run. Servers and callers die and come again, and so do the directory and a switchboard; in the end no channel is left that nobody has.</summary>
public sealed partial class ConnectScenario : SystemScenario
{
    // What systems/connect.toml and services/Dial say.
    private const int Rounds = 100;
    private const int Questions = 8;
    private const int Refusals = 6;

    // One server of each core fails in rounds 10, 30, 50, 70 and 90 of each caller.
    private const int Failures = 5;

    // Those of its two lines: a server that nobody is connected with has no others, and its switchboard has the ends beyond.
    private const int EndsLeft = 2;

    // As many cores as the shell asks.
    private const int AgentsMax = 16;

    /// <inheritdoc/>
    public override string Name => "connect";

    /// <inheritdoc/>
    public override string Description =>
        "programs of every core connect to servers of all cores by name, while servers, callers, a switchboard and the directory die and come again; every call has one outcome, and no channel is left over";

    /// <inheritdoc/>
    public override string? SystemName => "connect";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(1) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128, Icount = true }, new(16) { MemoryMiB = 256 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        foreach (string program in new[] { "directory", $"switchboard {int.Min(run.Shape.Cores, AgentsMax) - 1}" })
        {
            terminal.Type($"restart {program}\r");
            expect.That(terminal.WaitUntilHeard("started again"), $"'{program}' was not started again");
        }

        for (int core = 0; core < run.Shape.Cores; core++)
        {
            bool isThrough = terminal.WaitUntilHeard($"dial: core {core} connections");
            expect.That(isThrough, $"the caller of core {core} did not come to its end");
            if (!isThrough)
            {
                return;
            }
        }

        Settle(expect, terminal);
        Judge(run, expect, terminal.Heard);
        CheckLeftovers(run, expect, terminal);
    }

    private static void Judge(ScenarioRun run, Expectations expect, string heard)
    {
        MatchCollection said = Said().Matches(heard);
        expect.Equal(run.Shape.Cores, said.Count, "callers that have told what they saw");
        foreach (Match caller in said)
        {
            long Number(int group) => long.Parse(caller.Groups[group].Value, CultureInfo.InvariantCulture);
            expect.Equal((long)Rounds, Number(2), $"connections of core {caller.Groups[1].Value}");
            expect.That(Number(3) >= Rounds * Questions, $"core {caller.Groups[1].Value} was answered {Number(3)} times");
            expect.That(Number(4) >= Failures, $"core {caller.Groups[1].Value} heard of {Number(4)} deaths");
            expect.Equal((long)Refusals, Number(5), $"calls of core {caller.Groups[1].Value} that were refused as they had to be");
            expect.Equal(0L, Number(7), $"things that went wrong on core {caller.Groups[1].Value}");
            run.Count("connections", Number(2));
            run.Count("answers", Number(3));
            run.Count("deaths", Number(4));
            run.Count("refusals", Number(5));
            run.Count("retries", Number(6));
        }
    }

    // Callers that fail again and again come to their end a while after the others; then only lines are left.
    private static void CheckLeftovers(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        for (int core = 0; core < int.Min(run.Shape.Cores, AgentsMax); core++)
        {
            foreach (string program in new[] { "server", "switchboard" })
            {
                long start = Stopwatch.GetTimestamp();
                int left = Ends(expect, terminal, program, core);
                while (left != EndsLeft && Stopwatch.GetElapsedTime(start) < ScenarioRun.BootLimit(run.Shape.Cores) / 4)
                {
                    left = Ends(expect, terminal, program, core);
                }

                expect.Equal(EndsLeft, left, $"ends of channels that the {program} of core {core} is left with");
                run.Count("ends-left", left);
                if (left != EndsLeft)
                {
                    return;
                }
            }
        }
    }

    private static int Ends(Expectations expect, GuestTerminal terminal, string program, int core) =>
        More().Matches(Ask(expect, terminal, $"caps {program} {core}")).Sum(ends => int.Parse(ends.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"and (\d+) more of its ends")]
    private static partial Regex More();

    [GeneratedRegex(@"dial: core (\d+) connections (\d+) answers (\d+) deaths (\d+) refusals (\d+) retries (\d+) wrong (\d+)")]
    private static partial Regex Said();
}
