using Atoll.Kernel.Tests.Defects;
using Xunit.Abstractions;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>The simulation finds what it is for: each defect, planted in the product's sources, makes it fail within so many seeds.</summary>
public sealed class RemoteDefectTests(ITestOutputHelper output)
{
    private const int Seeds = 400;
    private const int Steps = 600;

    private static readonly string[] s_rooms =
    [
        "Cap", "Sched", "Rendezvous", "Irq", "Channels", "Remote", "Syscall", "Root", "Console", "Firmware", "Instance", "Links", "Trap", "Programs",
        "Workloads", "Members", "Provision", "Coordinator", "Boot", "Trials",
    ];

    private static readonly DefectiveRooms s_defective = new(
        "kernel",
        [.. s_rooms.Select(room => $"Atoll.{room}.dll")],
        [
            .. s_rooms.Select(room => $"kernel/{room}"), "tests/Kernel/Machine", "tests/Kernel/Provision/SampleImage.cs",
            "tests/Kernel/Multikernel/MultikernelCore.cs", "tests/Kernel/Multikernel/SimulatedMember.cs", "tests/Kernel/Multikernel/FailureText.cs",
            "tests/Kernel/Multikernel/SimulatedMultikernel.cs", "tests/Kernel/Multikernel/Channels/SimulatedPrograms.cs",
            "tests/Kernel/Multikernel/Remote/RemoteRun.cs", "tests/Kernel/Multikernel/Remote/RemotePrograms.cs",
            "tests/Kernel/Multikernel/Remote/HostileKernel.cs",
        ],
        "Atoll.Kernel.Tests.Multikernel.Remote.RemoteRun");

    public static TheoryData<int> Defects => [.. Enumerable.Range(0, RemoteDefects.All.Count)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundRooms_Pass() => Assert.Null(s_defective.Run(defect: null, seeds: 4, Steps));

    [Theory]
    [InlineData("a revoke answers before the holder has let go")]
    [InlineData("a link is let go while memory of its peer is held")]
    [InlineData("what is recalled before it was taken keeps its place")]
    public void Defect_IsFound_Sample(string name) => Find(RemoteDefects.All.Single(defect => defect.Name == name));

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(int index) => Find(RemoteDefects.All[index]);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_FitsItsFileOnce() =>
        Assert.Empty(RemoteDefects.All.Where(defect => s_defective.Occurrences(defect) != 1).Select(defect => defect.Name));

    private void Find(PlantedDefect defect)
    {
        Assert.Equal(1, s_defective.Occurrences(defect));
        string? failure = s_defective.Run(defect, Seeds, Steps);
        Assert.True(failure is not null, $"not found in {Seeds} seeds of {Steps} steps: {defect.Name}");
        output.WriteLine($"{defect.Name}: {failure.Split('\n')[0]}");
    }
}
