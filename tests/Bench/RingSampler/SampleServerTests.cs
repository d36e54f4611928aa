using Atoll.Bench.Rings;
using Atoll.RingSampler;
using Atoll.RingSampler.Machine;

namespace Atoll.Bench.Tests.RingSampler;

/// <summary>The sampler answers what the benchmark asks. The measures check every message; no time is asserted.</summary>
public sealed class SampleServerTests
{
    private readonly SampleServer _server = new(Pair());

    [Theory]
    [InlineData("stream", "kernel")]
    [InlineData("stream", "lamport")]
    [InlineData("stream", "channel")]
    [InlineData("round-trip", "kernel")]
    [InlineData("round-trip", "lamport")]
    [InlineData("round-trip", "channel")]
    public void Contender_GivesASample(string measure, string contender) => AssertSample($"{measure} {contender} 64 500");

    [Theory]
    [InlineData("bound one-line 1 100")]
    [InlineData("bound two-line 1 100")]
    [InlineData("bound hand-off 64 6400")]
    public void Bound_GivesASample(string request) => AssertSample(request);

    [Theory]
    [InlineData("")]
    [InlineData("stream kernel 64")]
    [InlineData("stream nobody 64 500")]
    [InlineData("bound kernel 64 500")]
    [InlineData("stream kernel many 500")]
    public void OtherRequests_AreAnErrorAndNoSample(string request) => Assert.Equal($"error not understood: {request}", _server.Answer(request));

    [Fact]
    public void Server_AnswersEachLineUntilTheInputEnds()
    {
        using var answers = new StringWriter();

        _server.Serve(new StringReader("clock\nnonsense\n"), answers);

        Assert.Matches(@"\Aclock [0-9]+\.[0-9]{4}\r?\nerror not understood: nonsense\r?\n\z", answers.ToString());
    }

    private static PinnedPair Pair()
    {
        TimestampCounter.Prepare();
        IReadOnlyList<int> processors = Linux.AllowedProcessors();
        return new PinnedPair(processors[0], processors[^1], isUrgent: false);
    }

    private void AssertSample(string request) => Assert.True(RingSample.Parse(_server.Answer(request)).Ticks > 0);
}
