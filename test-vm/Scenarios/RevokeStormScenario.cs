using System.Globalization;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program gives and takes back in a storm, with holders on every core; whatever it gave is counted where it went.</summary>
public sealed class RevokeStormScenario : LoanScenario
{
    // What systems/storm.toml and systems/storm-16.toml say.
    private const int RoundsOfFew = 800;
    private const int RoundsOfMany = 400;

    // What services/Loan says: of eight rounds one is still and one calm. The others have three revokes, and these two.
    private const int Cycle = 8;
    private const int RevokesOfACycle = (6 * 3) + 2 + 2;
    private const int Places = 4;
    private const int TooMany = 2;

    /// <inheritdoc/>
    public override string Name => "revoke-storm";

    /// <inheritdoc/>
    public override string Description =>
        "a page and a bell are given to programs of all cores and revoked while those take, map, copy, signal, delete and send: each revoke leaves nobody with anything, and each grant is accounted for";

    /// <inheritdoc/>
    public override string? SystemName => "storm";

    /// <inheritdoc/>
    protected override int Lines => 14;

    /// <inheritdoc/>
    protected override int ChannelsOf(int others) => others + 1;

    /// <inheritdoc/>
    protected override void Judge(Expectations expect, int others, Func<string, long> said)
    {
        int holders = others + 1;
        int rounds = holders > VmShape.ThreadedCoresMax ? RoundsOfMany : RoundsOfFew;
        int cycles = rounds / Cycle;
        long taken = said("taken");
        long withheld = said("withheld");
        long all = (long)cycles * holders * Places;
        expect.Equal(holders, said("holders"), "holders");
        expect.Equal(said("tried"), said("refused") + taken + withheld, "capabilities that were refused, taken or withheld, of all that were to be given");
        expect.Equal(all, said("taken in calm"), "capabilities taken in calm rounds");
        expect.Equal(all, said("withheld in still"), "capabilities withheld in still rounds");
        expect.Equal((long)cycles * RevokesOfACycle, said("revoked"), "revokes answered");
        expect.Equal(0L, said("in"), "capabilities of others that are held at the end");
        expect.That(
            said("refused") >= (long)cycles * holders * TooMany,
            string.Create(CultureInfo.InvariantCulture, $"only {said("refused")} grants were refused: in a still round each holder has no place for two"));

        // Else nothing raced with anything.
        expect.That(taken > all && withheld > all, $"in the storm {taken - all} were taken and {withheld - all} withheld");
        expect.That(said("rung") > cycles, $"bells were heard in {said("rung")} rounds only");
        expect.That(said("numbers") > 0, "no message came meanwhile");
    }
}
