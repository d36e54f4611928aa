using Atoll.Cli.Systems;
using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Profiles;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Tests.Systems;

/// <summary>What a new program begins as is good, and no name is taken that is somebody's.</summary>
public sealed class NewProgramTests
{
    private readonly Repository _repository = Repository.Find();

    [Theory]
    [InlineData("My", "small letters")]
    [InlineData("3d", "small letters")]
    [InlineData("", "small letters")]
    [InlineData("a-", "small letters")]
    [InlineData("a--b", "small letters")]
    [InlineData("../up", "small letters")]
    [InlineData("a-name-of-more-than-thirty-one-letters", "small letters")]
    [InlineData("system", "would hide")]
    [InlineData("program", "would hide")]
    [InlineData("idle", "services/Idle is there already")]
    [InlineData("i-d-l-e", "services/Idle is there already")]
    [InlineData("lib", "services/Lib is there already")]
    public void NameThatIsBadOrTakenIsRefused(string name, string why)
    {
        UserException refused = Assert.Throws<UserException>(() => new NewProgram(_repository, name));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pinger", "Pinger")]
    [InlineData("first-light", "FirstLight")]
    public void FilesAreGood(string name, string service)
    {
        Dictionary<string, string> files = new NewProgram(_repository, name).Files.ToDictionary(file => file.Path, file => file.Content);

        DiagnosticBag findings = new();
        ProgramRequest manifest = ManifestFile.Read(TomlFile.Parse(files[$"services/{service}/program.toml"], "program.toml", findings)!, findings)!;
        SystemDescription system =
            SystemFile.Read(TomlFile.Parse(files[$"systems/{name}.toml"], "system.toml", findings)!, name, findings)!;
        Assert.Empty(findings.Found);
        Assert.Equal(name, manifest.Name);
        Assert.Equal(["console", "supervisor", "shell", name], system.Programs.Select(program => program.Image.Value));
        Assert.Contains($"namespace Atoll.Services.{service};", files[$"services/{service}/{service}Program.cs"], StringComparison.Ordinal);
        // The image is called as the program: in small letters without '-' by itself, else it is said.
        Assert.Equal(
            name.Contains('-', StringComparison.Ordinal),
            files[$"services/{service}/Program/{service}.Program.csproj"].Contains($"<ProgramName>{name}</ProgramName>", StringComparison.Ordinal));
    }
}
