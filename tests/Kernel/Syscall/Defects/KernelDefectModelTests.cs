using Atoll.Kernel.Tests.Defects;
using Xunit.Abstractions;

namespace Atoll.Kernel.Tests.Syscall.Defects;

/// <summary>The model test finds what it is for: each defect, planted in the product's sources, makes it fail.</summary>
public sealed class KernelDefectModelTests(ITestOutputHelper output)
{
    private const int Seeds = 400;
    private const int Steps = 400;

    private static readonly DefectiveRooms s_rooms = new(
        "kernel",
        ["Atoll.Cap.dll", "Atoll.Sched.dll", "Atoll.Rendezvous.dll", "Atoll.Irq.dll", "Atoll.Channels.dll", "Atoll.Remote.dll", "Atoll.Syscall.dll"],
        ["kernel/Cap", "kernel/Sched", "kernel/Rendezvous", "kernel/Irq", "kernel/Channels", "kernel/Remote", "kernel/Syscall", "tests/Kernel/Syscall/Model",
            "tests/Kernel/Cap/Model/MismatchException.cs"],
        "Atoll.Kernel.Tests.Syscall.Model.KernelRun");

    private static readonly DefectPage s_page = new(
        "kernel-defects.md", "Defects planted in what runs programs", "./build.sh test KernelDefectModel --long --accept", KernelDefects.All);

    public static TheoryData<int> Defects => [.. Enumerable.Range(0, KernelDefects.All.Count)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundRooms_Pass() => Assert.Null(s_rooms.Run(defect: null, seeds: 4, Steps));

    [Theory]
    [InlineData("another's time is used")]
    [InlineData("a reply object has two receivers")]
    [InlineData("the fast path answers with a badge")]
    public void Defect_IsFound_Sample(string name) => Find(KernelDefects.All.Single(defect => defect.Name == name));

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(int index) => Find(KernelDefects.All[index]);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_FitsItsFileOnce() =>
        Assert.Empty(KernelDefects.All.Select(s_rooms.Fault).OfType<string>());

    private void Find(PlantedDefect defect)
    {
        Assert.Null(s_rooms.Fault(defect));
        string? failure = s_rooms.Run(defect, Seeds, Steps);
        Assert.True(failure is not null, $"not found in {Seeds} seeds of {Steps} steps: {defect.Name}");
        s_page.Add(defect, failure);
        output.WriteLine($"{defect.Name}: {failure.Split('\n')[0]}");
    }
}
