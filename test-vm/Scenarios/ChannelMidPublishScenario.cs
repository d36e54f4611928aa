using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs die in the middle of a send on a channel, by a fault, or standing still until their core is stopped or panics; whoever hears them takes the whole message or none.</summary>
public sealed partial class ChannelMidPublishScenario : SystemScenario
{
    private const int Few = 4;
    private const int Many = 16;

    // What systems/midway.toml and systems/midway-16.toml say: each of seven steps in each of three ways, so often.
    private const int DeathsOfFew = 84;
    private const int DeathsOfMany = 63;

    // From the fourth step on the message is there.
    private const int Steps = 7;
    private const int StepsUnsent = 3;

    private const int Lines = 8;

    /// <inheritdoc/>
    public override string Name => "channel-mid-publish";

    /// <inheritdoc/>
    public override string Description =>
        "programs and their cores die between payload, header, fence and doorbell of a send on a channel; the other end takes the message whole or not at all, and hears of each death once";

    /// <inheritdoc/>
    public override string? SystemName => "midway";

    /// <inheritdoc/>
    public override bool NeedsTrials => true;

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(Few) { MemoryMiB = 128 }, new(Few) { MemoryMiB = 128, Icount = true }, new(Many) { MemoryMiB = 256 }];

    /// <inheritdoc/>
    public override string? SystemOn(VmShape shape) => shape.Cores < Many ? SystemName : $"{SystemName}-{Many}";

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=4 console=program workload=none";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(terminal.WaitUntilHeard(string.Create(CultureInfo.InvariantCulture, $"midway: lines {Lines}")), "the listener did not come to its end"))
        {
            return;
        }

        Dictionary<string, long> said = Said().Matches(terminal.Heard).ToDictionary(
            match => match.Groups[1].Value, match => long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        int deaths = run.Shape.Cores < Many ? DeathsOfFew : DeathsOfMany;
        int sent = deaths / Steps * (Steps - StepsUnsent);
        expect.Equal(deaths, said.GetValueOrDefault("ordered"), "deaths that were ordered");
        expect.Equal(deaths, said.GetValueOrDefault("told"), "deaths that were heard of");
        expect.Equal(sent, said.GetValueOrDefault("due"), "messages whose header was stored");
        expect.Equal(sent, said.GetValueOrDefault("heard"), "of these, messages that were received");
        expect.Equal(0, said.GetValueOrDefault("wrong", -1), "things that went wrong");
        foreach ((string what, long count) in said)
        {
            run.Count(what, count);
        }
    }

    [GeneratedRegex(@"midway: ([a-z]+) (\d+)")]
    private static partial Regex Said();
}
