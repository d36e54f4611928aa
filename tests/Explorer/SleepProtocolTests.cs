using Atoll.Explorer.Actors;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>Every interleaving of traffic with receivers that sleep: nothing is lost, and nobody is woken for nothing.</summary>
public sealed class SleepProtocolTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly PlannedSend[] s_two = [new(), new()];

    [Fact]
    public void OneSender_ThreeTurnsOfOne() => Holds(Setting.Default, s_one, s_one, s_one);

    [Fact]
    public void OneSender_TurnsOfTwoAndOne() => Holds(Setting.Default with { Payload = PayloadModel.Descending }, s_two, s_one);

    private void Holds(Setting setting, params PlannedSend[][] turns) =>
        Finding.None(output, () => SleepScenarios<ModelMemory, ModelMemory>.OneSender(setting, turns));
}
