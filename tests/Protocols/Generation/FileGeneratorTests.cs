using Atoll.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>Files of a program become constants: their bytes, and the beginning of their hash.</summary>
public sealed class FileGeneratorTests
{
    // FIPS 180-2, "SHA-256 Example (One-Block Message)": the message is "abc".
    private const string TagOfAbc = "0xba7816bf8f01cfea";

    [Fact]
    public void File_IsItsTextAndTheBeginningOfItsHash()
    {
        string made = Assert.Single(Run(new ProgramText("/x/Files/some-page.html", "abc", isProgramFile: true)));

        Assert.Contains("namespace Atoll.Sample;", made, StringComparison.Ordinal);
        Assert.Contains("global::System.ReadOnlySpan<byte> SomePageHtml => \"abc\"u8;", made, StringComparison.Ordinal);
        Assert.Contains($"const ulong SomePageHtmlTag = {TagOfAbc};", made, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkout_DoesNotMatter() => Assert.Equal(
        Run(new ProgramText("/x/a.js", "one\ntwo \"2\"\n", isProgramFile: true)),
        Run(new ProgramText("C:/y/a.js", "one\r\ntwo \"2\"\r\n", isProgramFile: true)));

    [Fact]
    public void OtherFiles_AreNone() => Assert.Empty(Run(new ProgramText("/x/a.protocol.txt", "abc", isProgramFile: false)));

    [Fact]
    public void Order_DoesNotMatter()
    {
        ProgramText one = new("/x/a.js", "1", isProgramFile: true);
        ProgramText other = new("/x/b.js", "2", isProgramFile: true);

        Assert.Equal(Run(one, other), Run(other, one));
    }

    private static string[] Run(params IEnumerable<ProgramText> files)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Atoll.Sample");
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new FileGenerator().AsSourceGenerator()], files, CSharpParseOptions.Default, new Options());
        return [.. driver.RunGenerators(compilation).GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
    }

    private sealed class ProgramText(string path, string text, bool isProgramFile) : AdditionalText
    {
        public override string Path => path;

        public bool IsProgramFile => isProgramFile;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    // What MSBuild tells of each file (services/Directory.Build.targets).
    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Marks(null);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Marks(((ProgramText)textFile).IsProgramFile ? "true" : "");
    }

    private sealed class Marks(string? value) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string found)
        {
            found = value ?? "";
            return value is not null && key == "build_metadata.AdditionalFiles.IsProgramFile";
        }
    }
}
