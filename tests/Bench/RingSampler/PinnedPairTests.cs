using Atoll.RingSampler.Machine;

namespace Atoll.Bench.Tests.RingSampler;

/// <summary>Two threads run at once, and what one throws is not lost.</summary>
public sealed class PinnedPairTests
{
    private readonly PinnedPair _pair = new(Linux.AllowedProcessors()[0], Linux.AllowedProcessors()[^1], isUrgent: false);

    [Fact]
    public void BothThreads_RunOnTheirProcessorsOnly()
    {
        IReadOnlyList<int> first = [];
        IReadOnlyList<int> second = [];

        _pair.Run(() => first = Linux.AllowedProcessors(), () => second = Linux.AllowedProcessors());

        Assert.Equal([Linux.AllowedProcessors()[0]], first);
        Assert.Equal([Linux.AllowedProcessors()[^1]], second);
    }

    [Fact]
    public void Failure_OfAThread_IsThrown()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => _pair.Run(() => throw new InvalidDataException("damaged"), () => { }));

        Assert.IsType<InvalidDataException>(error.InnerException);
    }
}
