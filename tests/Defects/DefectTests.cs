using Atoll.Image.Tests;
using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Each check that a machine must pass has a defect that makes it fail: the image is built with it, and the scenario is red.</summary>
public sealed class DefectTests(DefectiveTree tree) : IClassFixture<DefectiveTree>
{
    /// <summary>Names of all defects, so that each is a test of its own.</summary>
    public static TheoryData<string> Names => [.. DefectCatalog.All.Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Edit_StillApplies(string name)
    {
        Defect defect = Find(name);

        Assert.Equal(1, defect.Occurrences(SourceCopy.FindRepository()));
        Assert.NotEqual(defect.Find, defect.Replace);
        Assert.True(defect.Shape is null ? IsHostTest(defect) : ScenarioCatalog.Find(defect.Finder) is not null);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void Defect_IsFound(string name)
    {
        Defect defect = Find(name);

        DefectOutcome sound = tree.RunSound(defect);
        DefectOutcome defective = tree.RunDefective(defect);

        Assert.True(sound.Passed, $"{defect.Finder} is red without the defect: {sound.Explanation}");
        Assert.False(defective.Passed, $"{defect.Finder} is green with this defect: {defect.Name}");
        Assert.Contains(defect.Complaint, defective.Explanation, StringComparison.Ordinal);
    }

    // "Class.Method" of a file of that class.
    private static bool IsHostTest(Defect defect) => defect.Finder == Defect.ImageBuild
        || (defect.Finder.Split('.') is [string type, string method]
        && Directory.EnumerateFiles(Path.Combine(SourceCopy.FindRepository(), "tests", defect.Tests), $"{type}.cs", SearchOption.AllDirectories)
            .Any(file => File.ReadAllText(file).Contains($" {method}(", StringComparison.Ordinal)));

    private static Defect Find(string name) => DefectCatalog.All.Single(defect => defect.Name == name);
}
