using Atoll.TestVm.Scenarios;
using Atoll.Vm.Tests.Machine;

namespace Atoll.Vm.Tests.Scenarios;

/// <summary>Runs every scenario on each of its machines.</summary>
[Collection(Processes.Collection)]
public sealed class VmScenarioTests
{
    private const string TrialImage = "artifacts/atoll-trials.elf";
    private const string LongWayImage = "artifacts/atoll-long-way.elf";
    private const string ProductImage = "artifacts/atoll.elf";

    /// <summary>Scenario and shape, by the options that select it.</summary>
    public static TheoryData<string, string> Short => Cases(isLong: false);

    /// <summary>Those that are too slow for every run.</summary>
    public static TheoryData<string, string> Long => Cases(isLong: true);

    [Theory]
    [MemberData(nameof(Short))]
    public void Scenario_Passes(string scenario, string options) => Run(scenario, options);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Long))]
    public void LongScenario_Passes(string scenario, string options) => Run(scenario, options);

    private static TheoryData<string, string> Cases(bool isLong)
    {
        var cases = new TheoryData<string, string>();
        foreach (Scenario scenario in ScenarioCatalog.All)
        {
            foreach (VmShape shape in scenario.Shapes.Where(shape => shape.IsLong == isLong))
            {
                cases.Add(scenario.Name, shape.Options);
            }
        }

        return cases;
    }

    private static void Run(string name, string options)
    {
        Environment.CurrentDirectory = SourceTree.Root();
        Scenario scenario = ScenarioCatalog.Find(name)!;
        VmShape shape = scenario.Shapes.First(shape => shape.Options == options);
        string image = shape.Calls == VmShape.LongCalls ? LongWayImage : scenario.NeedsTrials ? TrialImage : ProductImage;
        string? module = scenario.SystemOn(shape) is { } system ? $"artifacts/systems/{system}.bundle" : null;
        string? bundle = scenario.Bundle is { } beside ? $"artifacts/{beside}" : null;
        foreach (string file in new[] { image, module, bundle }.OfType<string>())
        {
            Assert.True(File.Exists(file), $"{file} is missing: ./build.sh test vm");
        }

        ScenarioResult result = scenario.Run(shape, image, module);

        Assert.True(result.Passed, result.Explanation);
    }
}
