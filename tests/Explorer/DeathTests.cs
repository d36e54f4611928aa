using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>
/// How a death must be announced and looked for. The scripts do it, since no kernel room has code for it.
/// </summary>
public sealed class DeathTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly Setting s_stopped = Setting.Default with { Mortality = Mortality.MayBeStopped };

    [Fact]
    public void StatusLookedAtAfterTheRing_LosesAMessage() =>
        Finding.Of(
            output,
            ViolationKind.MessageLost,
            () => DeathScenarios<ModelMemory, ModelMemory>.DyingSender(
                s_stopped with { StatusLook = StatusLook.AfterRing }, s_one));

    [Fact]
    public void DoorbellBeforeTheStatusIsVisible_LosesTheDeath() =>
        Finding.Of(
            output,
            ViolationKind.DeathNotOnce,
            () => DeathScenarios<ModelMemory, WithoutFence>.DyingSender(s_stopped, s_one));

    [Fact]
    public void StatusNotLookedAtBeforeSleep_LosesNothing() =>
        Finding.None(
            output,
            () => DeathScenarios<ModelMemory, ModelMemory>.DyingSender(
                s_stopped with { StatusLook = StatusLook.NotBeforeSleep }, s_one));
}
