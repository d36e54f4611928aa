using Atoll.Http.Tests.Checks;

namespace Atoll.Http.Tests;

/// <summary>Random pipelines; slow clients; requests with mistakes. ATOLL_SEED repeats one run.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void Pipelines_AreAnsweredInOrder() =>
        Assert.All(Seeds.From(0, Seeds.Count(60)), seed => Found(new PipelineCheck(seed).Run()));

    [Fact]
    public void MutatedRequests_AreAnsweredOrRefused() =>
        Assert.All(Seeds.From(0, Seeds.Count(40)), seed => Found(new MutationCheck(seed).Run(1000)));

    [Fact]
    [Trait("Category", "Long")]
    public void MillionMutatedRequests_AreAnsweredOrRefused() =>
        Assert.All(Seeds.From(1000, Seeds.Count(1000)), seed => Found(new MutationCheck(seed).Run(1000)));

    [Fact]
    public void SilentClient_IsLetGo() => Assert.Null(TimeCheck.SilentClient());

    [Fact]
    public void SlowHead_IsRefused() => Assert.Null(TimeCheck.SlowHead());

    [Fact]
    public void SlowContent_IsRefused() => Assert.Null(TimeCheck.SlowContent());

    [Fact]
    public void SteadyContent_IsTaken() => Assert.Null(TimeCheck.SteadyContent());

    [Fact]
    public void StoppedContent_IsRefused() => Assert.Null(TimeCheck.StoppedContent());

    [Fact]
    public void SlowReader_IsCut() => Assert.Null(TimeCheck.SlowReader());

    [Fact]
    public void SteadyReader_IsServed() => Assert.Null(TimeCheck.SteadyReader());

    [Fact]
    public void End_IsWaitedFor() => Assert.Null(TimeCheck.Lingering());

    [Fact]
    public void LeavingClient_IsAnsweredWhatItAsked() => Assert.Null(TimeCheck.LeavingClient());

    // All of it: what was found has the request in its last lines.
    private static void Found(string? wrong) => Assert.True(wrong is null, wrong);
}
