using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Systems;

/// <summary>A fault is told on the console whichever core it happens on, in every system that we ship but those of which docs/caveats.md says why not.</summary>
public sealed class JoinedSystemsTests
{
    private const string Joined = "ends = [\"supervisor.stops";

    private readonly Repository _repository = Repository.Find();

    public static TheoryData<string> Systems =>
        [.. Directory.EnumerateFiles(Repository.Find().In("systems"), "*.toml").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Systems))]
    public void InitIsJoined_OrTheCaveatsSayThatItIsNot(string system)
    {
        string caveat = File.ReadLines(_repository.In("docs", "caveats.md")).Single(line => line.StartsWith("* Faults are told on the console", StringComparison.Ordinal));
        string exceptions = caveat[..caveat.IndexOf("join none", StringComparison.Ordinal)];

        Assert.Equal(
            !exceptions.Contains($"`{system}`", StringComparison.Ordinal),
            File.ReadAllText(_repository.In("systems", $"{system}.toml")).Contains(Joined, StringComparison.Ordinal));
    }
}
