using Atoll.Abi;
using Atoll.Cli.Systems;
using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Tests.Systems;

/// <summary>What is taken out of a program's file, and what is said of one that cannot be used.</summary>
public sealed class ImageCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ImageIsWhatIsLoaded()
    {
        byte[] file = HandMadeProgram.Make("hello");

        ProgramImage image = ProgramImage.Read(file, "services/Hello/program.toml", out string why)!;

        Assert.Equal("", why);
        Assert.Equal(("hello", 8192u, "figures"), (image.Manifest.Name, image.Manifest.StackBytes, image.Manifest.Needs[0].Name));
        Assert.Equal([(0x40_0000ul, 0x10ul), (0x40_1000ul, 172ul)], image.Segments.Select(segment => (segment.Address, segment.FileBytes)));
        ReadOnlySpan<byte> content = image.Content.Span;
        Assert.Equal(HandMadeProgram.LoadedEnd, content.Length);

        // e_shoff, e_shentsize, e_shnum, e_shstrndx; all else is as it was, and Init can still read it.
        Assert.False(content[40..48].ContainsAnyExcept((byte)0));
        Assert.False(content[58..64].ContainsAnyExcept((byte)0));
        Assert.True(content[64..].SequenceEqual(file.AsSpan(64..HandMadeProgram.LoadedEnd)));
        Assert.Equal(ProgramFileResult.Valid, ProgramFile.ReadHeader(content, out ulong entry, out uint headers));
        Assert.Equal((0x40_0000ul, 3u), (entry, headers));
        Assert.Equal(ProgramFileResult.Valid, ProgramFile.ReadSegment(content, 1, out bool isLoaded, out ProgramSegment segment));
        Assert.True(isLoaded && segment.FileOffset == 0x2000);
    }

    [Theory]
    [InlineData("another", 0, "its manifest has the name 'another'")]
    [InlineData("hello", 0x2008, "it has 0 manifests in place of one")]
    [InlineData("hello", 0x2000 + 20, "its manifest has version")]
    [InlineData("hello", 0x2000 + 20 + 72 + 64, "has a need 0 ('figures') that has the kind")]
    [InlineData("hello", 18, "")]
    public void ImageThatCannotBeUsedIsNamed(string name, int damaged, string says)
    {
        byte[] file = HandMadeProgram.Make(name);
        if (damaged != 0)
        {
            file[damaged] = 99;
        }

        Diagnostic finding = Read(file);

        Assert.StartsWith("systems/sample.toml(3,8): error ATL9521: The image of 'hello' cannot be used: ", finding.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageThatIsNotThereIsNamed() => Assert.Equal("ATL9521", Read(null).Id);

    [Fact]
    public void UnknownProgramIsNamedWithTheNearest()
    {
        DiagnosticBag findings = new();

        ImageCheck.ReportUnknown(Description(findings), ["init", "hallo"], findings);

        Assert.StartsWith(
            "systems/sample.toml(3,8): error ATL9520: There is no program 'hello' in services/: did you mean 'hallo'? ",
            Assert.Single(findings.Found).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsOfServicesAreFoundByName()
    {
        ProgramCatalog programs = new(Repository.Find());

        Assert.Equal("services/Idle/Program/Idle.Program.csproj", programs.Project("idle"));
        Assert.Equal("services/Idle/program.toml", programs.Manifest("idle"));
        // It has a manifest of the name 'init', and is no Init for systems.
        Assert.DoesNotContain("measure", programs.Names);
        Assert.NotEqual("services/Measure/Program/Measure.Program.csproj", programs.Project("init"));
    }

    [Fact]
    public void UnknownSystemIsRefused()
    {
        UserException refused = Assert.Throws<UserException>(() => new SystemBuild(Repository.Find(), "no-such-system"));

        Assert.StartsWith("no system 'no-such-system' in systems/", refused.Message, StringComparison.Ordinal);
    }

    private Diagnostic Read(byte[]? file)
    {
        string path = Path.Combine(_folder, "hello.elf");
        if (file is not null)
        {
            File.WriteAllBytes(path, file);
        }

        DiagnosticBag findings = new();
        Assert.Null(ImageCheck.Read(Description(findings), "hello", path, "services/Hello/program.toml", findings));
        return Assert.Single(findings.Found);
    }

    private static SystemDescription Description(DiagnosticBag findings) => SystemFile.Read(
        TomlFile.Parse("description = \"d\"\n[[program]]\nname = \"hello\"", "systems/sample.toml", findings)!, "sample", findings)!;
}
