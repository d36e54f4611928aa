using System.Text;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inputs;
using Atoll.Linker.Inspect;
using Atoll.Linker.Model;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Inputs;

/// <summary>The image says what it was made with.</summary>
public sealed class InputsNoteTests : IDisposable
{
    // The shape of NuGet's own files ("Locking dependencies").
    private const string Lock = """
        {
          "version": 2,
          "dependencies": {
            "net10.0": {
              "Zed": { "type": "Direct", "requested": "[1.0.0, )", "resolved": "1.2.3", "contentHash": "abc==" },
              "Aid": { "type": "Transitive", "resolved": "4.5.6", "contentHash": "def==" },
              "Own": { "type": "Project" }
            }
          }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-inputs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PackagesAndToolsOfTheCommandLineAreInTheImage_InOrder_Once()
    {
        string packages = Write("packages.lock.json", Lock);
        string tool = Write("a=b.dll", "abc");

        Assert.Equal("", Link("--packages", packages, "--tool", $"csc=10.0.1={tool}", "--packages", packages));

        DiagnosticBag findings = new();
        ImageReport report = ImageInspector.Inspect(File.ReadAllBytes(At("atoll.elf")), "atoll.elf", findings)!;
        Assert.Equal(
            [
                "package Aid 4.5.6 sha512:def==",
                "package Zed 1.2.3 sha512:abc==",
                // FIPS 180-2, appendix B.1: SHA-256 of "abc".
                "tool csc 10.0.1 sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ],
            report.Inputs);
    }

    [Fact]
    public void OrderOfTheInputsDoesNotReachTheImage_ButTheirHashesDo()
    {
        BuildInput a = new(BuildInputKind.Tool, "a", "1", "sha256:1");
        BuildInput b = new(BuildInputKind.Package, "b", "2", "sha512:2");

        Assert.Equal(ImageOf(a, b), ImageOf(b, a));
        Assert.NotEqual(ImageOf(a, b), ImageOf(a, b with { Hash = "sha512:3" }));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{ "dependencies": { "net10.0": { "A": { "type": "Direct", "resolved": "1" } } } }""")]
    [InlineData("""{ "dependencies": { "net10.0": { "A": { "type": "Direct", "resolved": "1", "contentHash": null } } } }""")]
    [InlineData("""{ "dependencies": { "net10.0": 7 } }""")]
    public void FileThatIsNoLockFileIsRefusedByName(string content)
    {
        string errors = Link("--packages", Write("broken.lock.json", content));

        Assert.Contains("error ATL9040", errors, StringComparison.Ordinal);
        Assert.Contains("broken.lock.json", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("atoll.elf")));
    }

    [Theory]
    [InlineData("csc", "ATL9043")]
    [InlineData("csc=1", "ATL9043")]
    [InlineData("c c=1=FILE", "ATL9043")]
    [InlineData("csc==FILE", "ATL9043")]
    [InlineData("csc=1=FILE.absent", "ATL9040")]
    public void ToolThatCannotBeNamedIsRefused(string tool, string id)
    {
        string file = Write("tool.dll", "abc");

        Assert.Contains($"error {id}", Link("--tool", tool.Replace("FILE", file, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void NoteOfAnotherHandCannotSteerATerminal() =>
        Assert.Equal(["tool a?[2J 1 x", "b"], InputsNote.Read(Encoding.UTF8.GetBytes("tool a\u001b[2J 1 x\nb\n")));

    private static byte[] ImageOf(params BuildInput[] inputs) =>
        LinkedImage.Of(new LinkRequest { Objects = [ObjectBuilder.WithRoots().Build()], Inputs = inputs }).Bytes;

    private string Link(params string[] arguments)
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());
        using StringWriter errors = new();
        string[] all = [At("kernel.o"), "--output", At("atoll.elf"), "--map", At("atoll.map"), .. arguments];
        CommandLine.Run(all, TextWriter.Null, errors);
        return errors.ToString();
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }
}
