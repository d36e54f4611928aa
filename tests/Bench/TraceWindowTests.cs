using Atoll.TestVm.Machine;

namespace Atoll.Bench.Tests;

/// <summary>What lies between two moments of a trace, on traces made by hand.</summary>
public sealed class TraceWindowTests
{
    private const ulong Begin = 1, End = 2, Other = 3;

    [Fact]
    public void Window_IsFromTheFirstBeginningToTheLastEnd_OfAllCores()
    {
        TraceWindow window = Read(false, (1, Other), (0, Begin), (1, Other), (0, Begin), (1, End), (0, Other), (2, End), (2, Other), (0, Other));

        Assert.Equal(3, window.Of(0));
        Assert.Equal(2, window.Of(1));
        Assert.Equal(1, window.Of(2));
        Assert.Equal(6, window.Total);
        Assert.Equal([1, 2], window.EndedOn.Order());
    }

    [Fact]
    public void Window_MayStopAtTheFirstEnd()
    {
        TraceWindow window = Read(true, (0, End), (0, Begin), (1, End), (1, Other), (2, End));

        Assert.Equal(2, window.Total);
        Assert.Equal([1], window.EndedOn);
    }

    [Fact]
    public void WindowThatNeverEnds_CountsNothing()
    {
        TraceWindow window = Read(false, (0, End), (0, Begin), (0, Other));

        Assert.Equal(0, window.Total);
        Assert.Empty(window.EndedOn);
    }

    private static TraceWindow Read(bool stopsAtFirst, params (int Core, ulong Address)[] trace) =>
        new TraceWindow(3, instruction => instruction.Core == 0 && instruction.Address == Begin, instruction => instruction.Address == End, stopsAtFirst)
            .Read(trace.Select(step => new TracedInstruction(step.Core, step.Address)));
}
