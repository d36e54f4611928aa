using Atoll.Kernel.Tests.Defects;
using Xunit.Abstractions;

namespace Atoll.Kernel.Tests.Cap.Defects;

/// <summary>The model test finds what it is for: each defect, planted in the product's sources, makes it fail.</summary>
public sealed class CapabilityDefectTests(ITestOutputHelper output)
{
    private const int Seeds = 60;
    private const int Steps = 1000;

    private static readonly DefectiveRooms s_room = new("kernel/Cap", ["Atoll.Cap.dll"], ["kernel/Cap", "tests/Kernel/Cap/Model"],
        "Atoll.Kernel.Tests.Cap.Model.ModelRun");

    private static readonly DefectPage s_page = new(
        "capability-defects.md", "Defects planted in capabilities", "./build.sh test CapabilityDefect --long --accept", CapabilityDefects.All);

    public static TheoryData<int> Defects => [.. Enumerable.Range(0, CapabilityDefects.All.Count)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundRoom_Passes() => Assert.Null(s_room.Run(defect: null, seeds: 4, Steps));

    [Theory]
    [InlineData("memory is handed out as it is")]
    [InlineData("an object ends while the original lives")]
    [InlineData("a deleted frame stays mapped")]
    public void Defect_IsFound_Sample(string name) => Find(CapabilityDefects.All.Single(defect => defect.Name == name));

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(int index) => Find(CapabilityDefects.All[index]);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_FitsItsFileOnce() =>
        Assert.Empty(CapabilityDefects.All.Select(s_room.Fault).OfType<string>());

    private void Find(PlantedDefect defect)
    {
        Assert.Null(s_room.Fault(defect));
        string? failure = s_room.Run(defect, Seeds, Steps);
        Assert.True(failure is not null, $"not found in {Seeds} seeds of {Steps} steps: {defect.Name}");
        s_page.Add(defect, failure);
        output.WriteLine($"{defect.Name}: {failure.Split('\n')[0]}");
    }
}
