using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Workspace;

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
    public void FilesOfTheCaller_AreWhereTheCallerStands()
    {
        Assert.Equal(Path.Combine(_repository.CallerFolder, "a.elf"), _repository.FromCaller("a.elf"));
        Assert.Equal("/x/a.elf", _repository.FromCaller("/x/a.elf"));
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
