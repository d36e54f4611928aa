using Atoll.Image.Tests;
using Xunit.Abstractions;

namespace Atoll.Defects.Tests;

/// <summary>Each attack has a defect with which it succeeds: the image is built with it, and that very attack says so, or ends the machine.</summary>
public sealed class AttackDefectTests(AttackTree tree, ITestOutputHelper output) : IClassFixture<AttackTree>
{
    /// <summary>Names of all defects, so that each is a test of its own.</summary>
    public static TheoryData<string> Names => [.. AttackDefects.All.Select(defect => defect.Name)];

    [Fact]
    public void EveryAttack_HasADefect()
    {
        Assert.True(AttackList.All.Count >= 49, "attacks are not found in their sources");
        Assert.Equal(AttackList.All.Order(StringComparer.Ordinal), AttackDefects.All.SelectMany(defect => defect.Attacks).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("core 0: attack-memory.null-page failed at step 3: expected 0x1, was 0x0", true)]
    [InlineData("core 0: attack-memory.run-stack failed at step 3: expected 0x1, was 0x0", false)]
    [InlineData("the tests did not come to their end: the last was '@test core=0 group=attack-memory name=non-canonical result=pass step=9'; timed out", true)]
    [InlineData("the tests did not come to their end: the last was '@test core=0 group=attack-memory name=null-page result=pass step=9'; timed out", false)]
    [InlineData("the tests did not come to their end: none ran; timed out", false)]
    public void Success_IsAFailureOfThatTest_OrTheEndOfTheRunInIt(string explanation, bool isSuccess) =>
        Assert.Equal(isSuccess, AttackList.Succeeded("attack-memory.null-page", explanation));

    [Theory]
    [MemberData(nameof(Names))]
    public void Edit_StillApplies(string name)
    {
        Defect defect = Find(name);

        Assert.Equal(1, defect.Occurrences(SourceCopy.FindRepository()));
        Assert.NotEqual(defect.Find, defect.Replace);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void Attack_Succeeds(string name)
    {
        Defect defect = Find(name);

        DefectOutcome sound = tree.RunSound(defect);
        DefectOutcome defective = tree.RunDefective(defect);

        Assert.True(sound.Passed, $"the attacks are noticed without the defect: {sound.Explanation}");
        Assert.False(defective.Passed, $"no attack is noticed with this defect: {defect.Name}");
        string summary = $"{defect.Name}{(tree.IsRefusedByProof ? " (the proof refuses it, too)" : "")}: {defective.Explanation}";
        Assert.All(defect.Attacks, attack => Assert.True(AttackList.Succeeded(attack, defective.Explanation), $"{attack} does not notice {summary}"));
        output.WriteLine(summary);
    }

    private static Defect Find(string name) => AttackDefects.All.Single(defect => defect.Name == name);
}
