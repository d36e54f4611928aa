using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Xunit.Abstractions;

namespace Atoll.Explorer;

/// <summary>How a death must be announced and looked for: the product's notice and link, over memory that is wrong in one point.</summary>
public sealed class DeathTests(ITestOutputHelper output)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly Setting s_stopped = Setting.Default with { Mortality = Mortality.MayBeStopped };

    [Fact]
    public void RingNotLookedAtAfterTheLifeWord_LosesAMessage() =>
        Finding.Of(
            output,
            ViolationKind.MessageLost,
            () => DeathScenarios<RingNotLookedAtAfterLife, ModelMemory>.DyingSender(
                s_stopped with { ReceiveBudget = 2 }, s_one, s_one));

    [Fact]
    public void DoorbellBeforeTheLifeWordIsVisible_LosesTheDeath() =>
        Finding.Of(
            output,
            ViolationKind.DeathNotOnce,
            () => DeathScenarios<ModelMemory, WithoutFence>.DyingSender(s_stopped, s_one));

    [Fact]
    public void LifeWordNotLookedAtBeforeSleep_LosesNothing() =>
        Finding.None(
            output,
            () => DeathScenarios<LifeNotInSecondLook, ModelMemory>.DyingSender(s_stopped, s_one));
}
