using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A person has kernels of other cores panic and hang from the shell: the coordinator says which it was, and the policy does the rest.</summary>
public sealed class CoreDeathsScenario : SystemScenario
{
    // A hang takes two looks and a deadline to be found.
    private const int LooksMax = 2000;

    /// <inheritdoc/>
    public override string Name => "core-deaths";

    /// <inheritdoc/>
    public override string Description => "kernels of other cores panic and hang by order of the shell; events say why, the policy starts each once, and no more";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override bool NeedsTrials => true;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 128, Icount = true }, new(16) { MemoryMiB = 256 }];

    /// <inheritdoc/>
    protected override string Parameters => base.Parameters + " hang.deadline=20";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        Die(expect, terminal, "panic", core: 1, life: 1, "healthy");
        Die(expect, terminal, "hang", core: 2, life: 1, "healthy");
        Die(expect, terminal, "hang", core: 1, life: 2, "dead");
        Die(expect, terminal, "panic", core: 2, life: 2, "dead");
        string answer = Ask(expect, terminal, "instances hang 1");
        expect.That(answer.Contains("nothing to do", StringComparison.Ordinal), $"the dead were told to hang: {answer}");
        run.Count("deaths", 4);
    }

    private static void Die(Expectations expect, GuestTerminal terminal, string how, int core, int life, string after)
    {
        string told = Ask(expect, terminal, $"instances {how} {core}");
        expect.That(told.Contains($"core {core}: told", StringComparison.Ordinal), $"'instances {how} {core}' was answered: {told}");
        string[] expected = [$"core {core}, life {life}: dead, {how}", $"order {life}, {how}: done"];
        var becomes = new Regex($@"^ *{core}  {after} +{(after == "dead" ? life : life + 1)} ", RegexOptions.Multiline);
        string events = "";
        for (int look = 0; look < LooksMax; look++)
        {
            if (becomes.IsMatch(Ask(expect, terminal, "instances")))
            {
                events = Ask(expect, terminal, "instances events");
                break;
            }
        }

        foreach (string line in expected)
        {
            expect.That(events.Contains(line, StringComparison.Ordinal), $"'{line}' did not become of 'instances {how} {core}': {events}");
        }
    }
}
