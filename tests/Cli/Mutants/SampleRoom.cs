using Atoll.Mutants;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>A room of one file, compiled with all of its mutants.</summary>
internal static class SampleRoom
{
    /// <summary>The mutants of a text, without compiling them.</summary>
    internal static IReadOnlyList<Mutant> Made(string source, params TextSpan[] spans)
    {
        var text = SourceText.From(source);
        var maker = new MutantMaker("A.cs", text, spans, _ => false, next: 0);
        maker.Run(CSharpSyntaxTree.ParseText(text).GetRoot());
        return maker.Made;
    }

    /// <summary>Compiles it.</summary>
    internal static MutatedAssembly Compile(string source, string name)
    {
        string folder = Directory.CreateTempSubdirectory("atoll-mutants-").FullName;
        try
        {
            string file = Path.Combine(folder, "A.cs");
            File.WriteAllText(file, source);
            string[] references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => $"/reference:{path}")];
            CSharpCommandLineArguments line = CSharpCommandLineParser.Default.Parse(
                [file, "/target:library", "/unsafe+", "/warnaserror+", $"/out:{name}.dll", .. references], folder, sdkDirectory: null);
            return MutatedAssembly.Compile(folder, line, (_, _) => []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
