using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests;

/// <summary>What the host program finds in the repository that it was built in.</summary>
public sealed class RepositoryTests
{
    private readonly Repository _repository = Repository.Find();

    [Fact]
    public void Root_HasTheBuildScripts()
    {
        Assert.True(File.Exists(_repository.In("build.sh")));
        Assert.True(File.Exists(_repository.In("build.ps1")));
    }

    [Fact]
    public void Rooms_AreFoldersUnderTests()
    {
        var projects = new TestProjects(_repository);

        Assert.True(projects.IsRoom("cli"));
        Assert.True(projects.IsRoom("Vm"));
        Assert.False(projects.IsRoom("Atoll.Cli"));
        Assert.Equal("Cli.Tests.csproj", Path.GetFileName(Assert.Single(projects.Find("cli"))));
        Assert.Contains(projects.Find(null), path => path.EndsWith("Vm.Tests.csproj", StringComparison.Ordinal));
    }

    [Fact]
    public void Digest_ChangesWithContentAndName()
    {
        string folder = Path.Combine("artifacts", $"digest-{Guid.NewGuid():N}");
        var stamp = new SourceStamp(_repository, "unused", [folder, "no-such-folder"]);
        Directory.CreateDirectory(_repository.In(folder));
        try
        {
            string file = _repository.In(folder, "a.cs");
            File.WriteAllText(file, "one");
            string one = stamp.Digest();
            File.WriteAllText(file, "two");
            string two = stamp.Digest();
            File.Move(file, _repository.In(folder, "b.cs"));
            string renamed = stamp.Digest();
            File.Move(_repository.In(folder, "b.cs"), file);
            File.WriteAllText(file, "one");

            Assert.Equal(3, new[] { one, two, renamed }.Distinct().Count());
            Assert.Equal(one, stamp.Digest());
        }
        finally
        {
            Directory.Delete(_repository.In(folder), recursive: true);
        }
    }
}
