using Atoll.Kernel.Tests.Defects;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Kernel.Tests.Multikernel.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Simulations are drawn, repeated and made short as they claim.</summary>
public sealed class SimulationTests
{
    private static readonly DefectiveRooms s_defective = SimulatedSources.For(typeof(SimulationSearch), SimulationSearch.Files);

    /// <summary>The same options, the same events, in the same order, at the same times; another seed, others.</summary>
    [Theory]
    [InlineData(SimulationKind.Links)]
    [InlineData(SimulationKind.Channels)]
    [InlineData(SimulationKind.Hangs)]
    [InlineData(SimulationKind.Capabilities)]
    public void Run_RepeatsToTheLastEvent(SimulationKind kind)
    {
        SimulationOptions options = SimulationOptions.Draw(kind, seed: 3, coresMost: 8);
        (ulong Hash, long Events) first = SimulationRun.Run(options);

        Assert.True(first.Events > 10);
        Assert.Equal(first, SimulationRun.Run(options));
        Assert.NotEqual(first.Hash, SimulationRun.Run(options with { Seed = 4 }).Hash);
    }

    [Fact]
    public void Options_CoverSmallAndBigMachines()
    {
        int[] cores = [.. Enumerable.Range(1, 400).Select(seed => SimulationOptions.Draw(SimulationKind.Channels, seed, 1024).Cores)];

        Assert.Equal((2, true), (cores.Min(), cores.Max() is > 700 and <= 1024));
        Assert.InRange(cores.Count(count => count < 32), 100, 300);
    }

    /// <summary>What fails with three cores, a fault and 37 steps at least, is shrunk to just that.</summary>
    [Fact]
    public void Shrinking_EndsAtTheShortestThatFails()
    {
        var failing = new SimulationOptions(SimulationKind.Channels, Seed: 9, Cores: 100, Faults: 4, Steps: 300);

        SimulationOptions shortest = Shrinking.Shrink(failing, options => options is { Cores: >= 3, Faults: >= 1, Steps: >= 37 });

        Assert.Equal(failing with { Cores = 3, Faults = 1, Steps = 37 }, shortest);
    }

    /// <summary>A mistake in the product is found, and told with a run that is shorter than the one that found it.</summary>
    [Fact]
    public void Mistake_IsToldWithAShortRun()
    {
        PlantedDefect defect = ChannelDefects.All.Single(one => one.Name == "pages are given back while they are had");
        Assert.Null(s_defective.Fault(defect));

        string? failure = s_defective.Run(defect, seeds: 100, steps: 24);

        Assert.Matches(@"^Channels, seed \d+, .*; shrunk to Channels, seed \d+, [2-5] cores, ", failure);
    }

    [Fact]
    public void Mark_StandsInEachBlock_WithItsLine()
    {
        var sources = new MarkedSources();

        string marked = sources.Mark("A.cs", "class A\n{\n    void B(int c)\n    {\n        if (c == 0)\n        {\n            D();\n        }\n    }\n}\n");

        Assert.Equal(["A.cs:5", "A.cs:7"], sources.Places);
        Assert.Equal(2, marked.Split("Marks.Hit(").Length - 1);
    }
}
