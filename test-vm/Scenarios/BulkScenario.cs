using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program lends a page as a whole to programs of three other cores in turn; each changes it in place.</summary>
public sealed partial class BulkScenario : SystemScenario
{
    // What services/Loan says, and systems/bulk.toml.
    private const int Rounds = 100;
    private const int Borrowers = 3;

    /// <inheritdoc/>
    public override string Name => "bulk";

    /// <inheritdoc/>
    public override string Description => "a page moves from core to core without a copy: it is the borrower's alone, changed in place, and the lender's again";

    /// <inheritdoc/>
    public override string? SystemName => "bulk";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 128 }, new(4) { MemoryMiB = 128, Icount = true }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        bool isThrough = terminal.WaitUntilHeard("loan: lines 4");
        expect.That(isThrough, "the lender did not come to its end");
        if (!isThrough)
        {
            return;
        }

        Dictionary<string, long> said = Said().Matches(terminal.Heard).ToDictionary(
            match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        long Of(string what) => said.GetValueOrDefault(what, -1);
        expect.That(Of("moved") == Rounds * Borrowers, $"moved: {Of("moved")}");
        expect.That(Of("withheld") == Rounds * Borrowers, $"withheld from the lender while it was lent: {Of("withheld")}");
        expect.That(Of("out") == 0, $"{Of("out")} capabilities are out when all is taken back");
        expect.That(Of("wrong") == 0, $"{Of("wrong")} things went wrong");
        foreach ((string what, long count) in said)
        {
            run.Count(what, count);
        }
    }

    [GeneratedRegex(@"loan: ([a-z ]+?) (\d+)")]
    private static partial Regex Said();
}
