using Atoll.Kernel.Tests.Defects;
using Atoll.Kernel.Tests.Multikernel.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Separation;

/// <summary>What an instance holds at its first instruction is the same, byte for byte, whatever the number of the others.</summary>
public sealed class SeparationTests
{
    private const int Sizes = 16;

    // With the room of the limits, so that one edit of them counts everywhere.
    private static readonly DefectiveRooms s_rebuilt =
        SimulatedSources.With(["Base"], typeof(SeparationRun), "Separation/Holdings", "Separation/SeparationRun");

    private static readonly PlantedDefect s_wide = new("1024 instances", "Base/Limits.cs", "InstanceCountMax = 255", "InstanceCountMax = 1024");

    private static readonly PlantedDefect s_counted = new(
        "an instance is told how many there are", "Coordinator/CoreStarter.cs", "member.Core = core;",
        "member.Core = core;\n        member.EmptyTurns = (uint)coordinator.Cores.Count;");

    [Fact]
    public void Holdings_DoNotDependOnTheOthers() => Assert.Null(SeparationRun.Compare(seed: 1, [2, 16, 255]));

    /// <summary>The product's sources with another limit: its tables are as long as the machine.</summary>
    [Fact]
    public void Holdings_DoNotDependOnTheOthers_Of1024() => Assert.Null(s_rebuilt.Run(s_wide, seeds: 1, steps: 1024));

    [Fact]
    public void InstanceThatIsToldHowManyThereAre_IsFound()
    {
        Assert.Null(s_rebuilt.Fault(s_counted));
        string? none = s_rebuilt.Run(defect: null, seeds: 1, Sizes);
        Assert.True(none is null, none);
        string? found = s_rebuilt.Run(s_counted, seeds: 1, Sizes);
        Assert.Contains("0x2 and 0x10", found, StringComparison.Ordinal);
    }
}
