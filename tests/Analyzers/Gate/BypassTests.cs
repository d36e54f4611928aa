using Xunit;

namespace Atoll.Analyzers.Tests.Gate;

/// <summary>No way around the rules is open: each fails the build of a room, or of the image, and says so.</summary>
public sealed class BypassTests(BypassBuild build) : IClassFixture<BypassBuild>
{
    /// <summary>Names of all cases.</summary>
    public static TheoryData<string> Names => [.. BypassCatalog.All.Select(bypass => bypass.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_Answers(string name)
    {
        Bypass bypass = BypassCatalog.All.Single(one => one.Name == name);

        string output = build.OutputOf(bypass);

        Assert.All(bypass.Answers, answer => Assert.True(output.Contains(answer, StringComparison.Ordinal), output));
        if (bypass.Answers.Length == 0)
        {
            Assert.True(!output.Contains("error", StringComparison.Ordinal) && output.Contains("Atoll.Services.Idle.dll"), output);
        }
    }
}
