using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program lends a page as a whole to programs of all other cores in turn; each changes it in place.</summary>
public sealed class BulkScenario : LoanScenario
{
    // What services/Loan says.
    private const int Rounds = 100;

    /// <inheritdoc/>
    public override string Name => "bulk";

    /// <inheritdoc/>
    public override string Description => "a page moves from core to core without a copy: it is the borrower's alone, changed in place, and the lender's again";

    /// <inheritdoc/>
    public override string? SystemName => "bulk";

    /// <inheritdoc/>
    protected override int Lines => 4;

    /// <inheritdoc/>
    protected override void Judge(Expectations expect, int others, Func<string, long> said)
    {
        expect.Equal((long)Rounds * others, said("moved"), "times that the page came back as it should be");
        expect.Equal((long)Rounds * others, said("withheld"), "times that it was withheld from the lender while it was lent");
    }
}
