using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program lends a page and a notification to programs of all other cores and takes the page back; a page goes on from core to core; all call it; it stops a thread of each; then it gives and takes back as fast as it can.</summary>
public sealed class CapabilityTransferScenario : LoanScenario
{
    // What systems/loan.toml says.
    private const int Rounds = 50;

    /// <inheritdoc/>
    public override string Name => "cap-transfer";

    /// <inheritdoc/>
    public override string Description =>
        "a page and a notification are lent to programs of all other cores, used there, given on from core to core, and taken back while they hold them or are about to; all of them call an endpoint that is taken back, the thread of each is stopped and let go on from another core, and untyped memory moves to each, which makes pages of it; nothing is left out";

    /// <inheritdoc/>
    public override string? SystemName => "loan";

    /// <inheritdoc/>
    protected override int Lines => 14;

    /// <inheritdoc/>
    protected override void Judge(Expectations expect, int others, Func<string, long> said)
    {
        // In a round each borrower gets a page and a bell; in the storm a page; in a chain the first gets a page, which goes on to the others. Once each gets an endpoint, and a page to count on.
        expect.Equal(((long)Rounds * ((others * 3) + 1)) + (2 * others), said("given"), "capabilities given");
        expect.Equal((long)Rounds * others, said("used"), "pages used");
        expect.Equal(((long)Rounds * 3) + 1 + others, said("revoked"), "revokes answered");
        expect.Equal((long)Rounds * others, said("used in chains"), "pages used that were given on from core to core");
        expect.Equal((long)Rounds * others, said("calls answered"), "calls from other cores that were answered");
        expect.Equal((long)others, said("calls refused"), "calls that were refused because the endpoint was taken back");
        expect.Equal((long)RoundsOfControl * others, said("threads stopped"), "threads of other cores that were stopped and went on");
        expect.Equal((long)others, said("threads refused"), "threads that were asked in vain because their program had taken them back");
        expect.Equal((long)RoundsOfMoves * others, said("moved"), "untyped memory of which a program of another core made pages, all zero");
        expect.Equal((long)RoundsOfMoves * others, said("moved back"), "untyped memory that came back with all that was made of it");
        expect.Equal((long)Rounds / 2, said("revoked in chains"), "revokes by a borrower of what it gave on");
    }
}
