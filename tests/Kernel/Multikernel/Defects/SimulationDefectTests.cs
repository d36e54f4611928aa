using Atoll.Kernel.Tests.Defects;
using Xunit.Abstractions;

namespace Atoll.Kernel.Tests.Multikernel.Defects;

/// <summary>Each simulation finds what it is for: each defect, planted in the product's sources, makes it fail within so many seeds.</summary>
public sealed class SimulationDefectTests(ITestOutputHelper output)
{
    public static TheoryData<string> Simulations => [.. DefectiveSimulation.All.Select(simulation => simulation.Name)];

    public static TheoryData<string, string> Defects
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (DefectiveSimulation simulation in DefectiveSimulation.All)
            {
                foreach (PlantedDefect defect in simulation.Defects)
                {
                    data.Add(simulation.Name, defect.Name);
                }
            }

            return data;
        }
    }

    /// <summary>Compiled the same way, without an edit.</summary>
    [Theory]
    [MemberData(nameof(Simulations))]
    public void SoundRooms_Pass(string simulation) => Assert.Null(DefectiveSimulation.Of(simulation).RunSound(seeds: 4));

    /// <summary>No seed that a defect is looked for with fails without one: else it would find whatever is planted.</summary>
    [Theory]
    [MemberData(nameof(Simulations))]
    [Trait("Category", "Long")]
    public void SoundRooms_PassEverySeedThatIsTried(string simulation)
    {
        DefectiveSimulation sound = DefectiveSimulation.Of(simulation);
        Assert.Null(sound.RunSound(sound.Seeds));
    }

    [Theory]
    [InlineData("Channels", "the end that is left is not told by the maker")]
    [InlineData("Channels", "pages are given back while they are had")]
    [InlineData("Channels", "a request is never taken back")]
    [InlineData("Remote", "a revoke answers before the holder has let go")]
    [InlineData("Remote", "a link is let go while memory of its peer is held")]
    [InlineData("Remote", "what is recalled before it was taken keeps its place")]
    [InlineData("Hangs", "a sleeper is judged without being rung")]
    [InlineData("Hangs", "a suspect is not rung")]
    [InlineData("Hangs", "the dead is not stopped")]
    public void Defect_IsFound_Sample(string simulation, string defect) => Find(simulation, defect);

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(string simulation, string defect) => Find(simulation, defect);

    /// <summary>The edits fit the sources.</summary>
    [Theory]
    [MemberData(nameof(Simulations))]
    public void EveryEdit_FitsItsFileOnce(string simulation)
    {
        DefectiveSimulation defective = DefectiveSimulation.Of(simulation);

        Assert.Empty(defective.Defects.Select(defective.Fault).OfType<string>());
    }

    private void Find(string simulation, string name)
    {
        DefectiveSimulation defective = DefectiveSimulation.Of(simulation);
        PlantedDefect defect = defective.Defects.Single(one => one.Name == name);
        Assert.Null(defective.Fault(defect));

        string? failure = defective.Find(defect);

        Assert.True(failure is not null, $"not found in {defective.Seeds} seeds of {defective.Steps} steps: {name}");
        output.WriteLine($"{name}: {failure.Split('\n')[0]}");
    }
}
