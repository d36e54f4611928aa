using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program dies at one end of a channel, again and again: the other end hears of each death once, and goes on with the next life.</summary>
public sealed class ChannelDeathsScenario : SystemScenario
{
    // What systems/pair.toml and services/Pair say: 20 lives, 50 questions in each, and all but the last end by a failed check.
    private const int Answers = 1000;
    private const int Deaths = 19;

    /// <inheritdoc/>
    public override string Name => "channel-deaths";

    /// <inheritdoc/>
    public override string Description => "a program on another core fails 19 times; its caller hears of each death once, and no answer is wrong";

    /// <inheritdoc/>
    public override string? SystemName => "pair";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(2) { MemoryMiB = 128 }, new(2) { MemoryMiB = 128, Icount = true }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        string said = $"pair: through, {Answers} answers, {Deaths} deaths, wrong 0";
        expect.That(terminal.WaitUntilHeard(said), $"'{said}' was not said");
        run.Count("answers", Answers);
        run.Count("deaths", Deaths);
    }
}
