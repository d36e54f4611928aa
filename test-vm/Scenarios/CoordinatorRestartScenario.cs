using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>
/// A program orders what becomes of cores, another takes the coordinator away at random moments and has it started again: each order ends once, the policy takes what it
/// may and no more, and the core that nobody orders about does not notice.
/// </summary>
public sealed partial class CoordinatorRestartScenario : SystemScenario
{
    private const int MemoryForFour = 160;
    private const int MemoryForSixteen = 320;
    private const int Rounds = 300;

    /// <inheritdoc/>
    public override string Name => "coordinator-restart";

    /// <inheritdoc/>
    public override string Description => "the program that decides about cores dies at random moments, between order and outcome too; each order ends once, budgets hold, nothing is lost";

    /// <inheritdoc/>
    public override string? SystemName => "churn";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        new(4) { MemoryMiB = MemoryForFour, Icount = true },
        new(16) { MemoryMiB = MemoryForSixteen, Icount = true, IsLong = true },
    ];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=4 console=program";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        Judge(run, expect, terminal, "first");

        // Memory of the programs' core before and after as much again: whatever a life of the coordinator had is its next one's.
        Ask(expect, terminal, "kill reaper");
        Settle(expect, terminal);
        string before = Memory(expect, terminal);
        Ask(expect, terminal, "start reaper");
        Ask(expect, terminal, "start churn");
        Judge(run, expect, terminal, "second");
        Ask(expect, terminal, "kill reaper");
        Settle(expect, terminal);
        string after = Memory(expect, terminal);
        expect.That(before == after, $"memory is not what it was:\n{before}\n{after}");
    }

    private static void Judge(ScenarioRun run, Expectations expect, GuestTerminal terminal, string which)
    {
        string? heard = terminal.ReadUntil(" churned");
        Match said = Said().Match(heard ?? "");
        if (!expect.That(said.Success, $"the {which} round of orders did not end: {heard}"))
        {
            return;
        }

        int Of(string name) => int.Parse(said.Groups[name].Value, CultureInfo.InvariantCulture);
        expect.That(Of("wrong") == 0, $"{which}: {Of("wrong")} orders did not end as they should: {said.Value}");
        expect.That(Of("done") == Of("accepted"), $"{which}: not every order that was accepted ended: {said.Value}");
        expect.That(Of("accepted") + Of("lost") + Of("refused") == Rounds, $"{which}: orders are missing: {said.Value}");
        expect.That(Of("between") > Rounds / 20, $"{which}: the coordinator was hardly ever taken away between an order and its end: {said.Value}");
        expect.That(Of("starts") > Rounds / 4, $"{which}: the coordinator was hardly ever taken away: {said.Value}");
        expect.That(Of("accepted") > Rounds / 4, $"{which}: hardly any order was accepted: {said.Value}");
        foreach (string name in (string[])["accepted", "unheard", "lost", "refused", "by-policy", "spent", "between", "again", "starts"])
        {
            run.Count($"{which}.{name}", Of(name.Replace("-", "", StringComparison.Ordinal)));
        }
    }

    // The lines about the instance and its programs' quotas, without what changes by itself.
    private static string Memory(Expectations expect, GuestTerminal terminal) => Ask(expect, terminal, "mem");

    [GeneratedRegex(@"accepted (?<accepted>\d+) unheard (?<unheard>\d+) lost (?<lost>\d+) refused (?<refused>\d+) done (?<done>\d+) by-policy (?<bypolicy>\d+) spent (?<spent>\d+) between (?<between>\d+) again (?<again>\d+) starts (?<starts>\d+) wrong (?<wrong>\d+)")]
    private static partial Regex Said();
}
