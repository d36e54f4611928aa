using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs of <c>services/Loan</c> on four cores or on 16, of which one reports what it did: a line for each number, and at the end how many lines there are.</summary>
public abstract partial class LoanScenario : AddressSpaceScenario
{
    /// <summary>How often <c>services/Loan/Lender.cs</c> stops each borrower's thread.</summary>
    internal const int RoundsOfControl = 5;

    /// <summary>How often it moves untyped memory to each.</summary>
    internal const int RoundsOfMoves = 6;

    private const int Few = 4;
    private const int Many = 16;
    private const int LooksMax = 4;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(Few) { MemoryMiB = 128 }, new(Few) { MemoryMiB = 128, Icount = true }, new(Many) { MemoryMiB = 256 }];

    /// <inheritdoc/>
    public override string? SystemOn(VmShape shape) => shape.Cores < Many ? SystemName : $"{SystemName}-{Many}";

    /// <summary>Lines of the report.</summary>
    protected abstract int Lines { get; }

    /// <summary>Channels of the system.</summary>
    /// <param name="others">Cores with programs but the first.</param>
    protected virtual int ChannelsOf(int others) => others;

    /// <inheritdoc/>
    protected sealed override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        LookMeanwhile(run, expect, terminal);
        bool isThrough = terminal.WaitUntilHeard($"loan: lines {Lines}");
        expect.That(isThrough, "the lender did not come to its end");
        if (!isThrough)
        {
            return;
        }

        Dictionary<string, long> said = Said().Matches(terminal.Heard).ToDictionary(
            match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Judge(expect, CoresWithPrograms(run.Shape) - 1, what => said.GetValueOrDefault(what, -1));
        expect.Equal(0L, said.GetValueOrDefault("out", -1), "capabilities that are out when all is taken back");
        expect.Equal(0L, said.GetValueOrDefault("wrong", -1), "things that went wrong");
        foreach ((string what, long count) in said)
        {
            run.Count(what.Replace(' ', '-'), count);
        }
    }

    /// <summary>Cores that the system has programs on.</summary>
    protected static int CoresWithPrograms(VmShape shape) => shape.Cores < Many ? Few : Many;

    // At moments that nobody has chosen: whatever is under way, what programs have of others is lent to them. A channel that opens at that moment would count as a breach.
    private void LookMeanwhile(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        int channels = ChannelsOf(CoresWithPrograms(run.Shape) - 1);
        for (int look = 0; look < LooksMax && !terminal.Heard.Contains("loan: lines", StringComparison.Ordinal); look++)
        {
            MachineView machine = Look(run, terminal);
            IReadOnlyList<InstanceSpace> spaces = machine.Walk();
            if (new ChannelMap(machine, spaces).Whole.Count == channels)
            {
                foreach (Violation violation in IsolationChecker.Check(machine))
                {
                    expect.That(false, violation.ToString());
                }

                run.Count("looks", 1);
                run.Count("lent-when-looked", new LentFrames(machine, spaces).All.Count);
            }

            // The shell answers, so the guest moves on.
            Settle(expect, terminal);
        }
    }

    /// <summary>Compares what was said.</summary>
    /// <param name="expect">Says what is not as it should be.</param>
    /// <param name="others">Cores with programs but the first.</param>
    /// <param name="said">The number of a line; -1: there is none.</param>
    protected abstract void Judge(Expectations expect, int others, Func<string, long> said);

    [GeneratedRegex(@"loan: ([a-z ]+?) (\d+)")]
    private static partial Regex Said();
}
