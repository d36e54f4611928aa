using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program lends a page and a notification to programs of three other cores and takes the page back; then it gives and takes back as fast as it can.</summary>
public sealed partial class CapabilityTransferScenario : SystemScenario
{
    // What systems/loan.toml says.
    private const int Rounds = 50;
    private const int Borrowers = 3;

    /// <inheritdoc/>
    public override string Name => "cap-transfer";

    /// <inheritdoc/>
    public override string Description =>
        "a page and a notification are lent to programs of three other cores, used there, and taken back while they hold them or are about to; nothing is left out";

    /// <inheritdoc/>
    public override string? SystemName => "loan";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128, Icount = true }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        bool isThrough = terminal.WaitUntilHeard("loan: lines 6");
        expect.That(isThrough, "the lender did not come to its end");
        if (!isThrough)
        {
            return;
        }

        Dictionary<string, long> said = Said().Matches(terminal.Heard).ToDictionary(
            match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        long Of(string what) => said.GetValueOrDefault(what, -1);

        // In a round each borrower gets a page and a bell; in the storm a page.
        expect.That(Of("given") == Rounds * Borrowers * 3, $"given: {Of("given")}");
        expect.That(Of("used") == Rounds * Borrowers, $"used: {Of("used")}");
        expect.That(Of("revoked") == Rounds * 2, $"revoked: {Of("revoked")}");
        expect.That(Of("out") == 0, $"{Of("out")} capabilities are out when all is taken back");
        expect.That(Of("wrong") == 0, $"{Of("wrong")} things went wrong");
        foreach ((string what, long count) in said)
        {
            run.Count(what.Replace(' ', '-'), count);
        }
    }

    [GeneratedRegex(@"loan: ([a-z ]+?) (\d+)")]
    private static partial Regex Said();
}
