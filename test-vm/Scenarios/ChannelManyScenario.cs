using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A program waits for any of thousands of channels to programs of other cores, which die again and again: every answer comes, and every end is told once.</summary>
public sealed partial class ChannelManyScenario : SystemScenario
{
    // What systems/channel-many.toml and services/Crowd say: three programs with 1024 ends each, six deaths, 2000 questions in each of seven lives.
    private const long Ends = 3 * 1024;
    private const long Deaths = 6;
    private const long Answers = (Deaths + 1) * 2000;
    private const long Ended = Deaths * 1024;

    /// <inheritdoc/>
    public override string Name => "channel-many";

    /// <inheritdoc/>
    public override string Description => "a program with 3072 channels to three other cores, whose programs fail six times: no answer is lost, no end is told twice";

    /// <inheritdoc/>
    public override string? SystemName => "channel-many";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 2048 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=256 console=program";

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        bool isThrough = terminal.WaitUntilHeard("crowd: said");
        Match said = Line().Match(terminal.Heard);
        if (!expect.That(isThrough && said.Success, $"the program that asks did not come to its end; heard last: {terminal.Heard[int.Max(0, terminal.Heard.Length - 300)..]}"))
        {
            return;
        }

        long Number(int group) => long.Parse(said.Groups[group].Value, CultureInfo.InvariantCulture);
        expect.Equal(Ends, Number(1), "channels");
        expect.Equal(Ends + Ended, Number(2), "times that a channel opened");
        expect.Equal(Answers, Number(3), "answers");
        expect.Equal(Ended, Number(4), "ends that were told");
        expect.Equal(0L, Number(5), "answers to no question, and ends that nobody asked for");
        run.Count("channels", Number(1));
        run.Count("openings", Number(2));
        run.Count("answers", Number(3));
        run.Count("ended", Number(4));
        run.Count("deaths", Deaths);
    }

    [GeneratedRegex(@"crowd: through, ends (\d+), openings (\d+), answers (\d+), ended (\d+), wrong (\d+)")]
    private static partial Regex Line();
}
