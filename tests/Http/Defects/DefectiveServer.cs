using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Http.Tests.Defects;

/// <summary>The engine's sources, and all that looks for defects, compiled in memory: as they are, or with one edit.</summary>
public sealed class DefectiveServer
{
    private const string GlobalUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Threading;";

    // A defect may make the engine run for ever.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_root = FindRepository();
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Preview);

    private readonly CSharpCompilation _sound = CSharpCompilation.Create(
        "Atoll.Http.Defective",
        Files().Select(Parse).Append(CSharpSyntaxTree.ParseText(GlobalUsings, s_options)),
        PlatformReferences(),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>How often a defect's text occurs in its file.</summary>
    public static int Occurrences(HttpDefect defect) => Read(PathOf(defect)).Split(defect.Find).Length - 1;

    /// <summary>What its finder says of the engine with this defect.</summary>
    public string? Find(HttpDefect defect)
    {
        string path = PathOf(defect);
        SyntaxTree tree = _sound.SyntaxTrees.Single(candidate => candidate.FilePath == path);
        string edited = Read(path).Replace(defect.Find, defect.Replace, StringComparison.Ordinal);
        return Run(_sound.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(edited, s_options, path)), defect.Finder);
    }

    /// <summary>What a finder says of the engine as it is.</summary>
    public string? FindNothing(DefectFinder finder) => Run(_sound, finder);

    private static string? Run(CSharpCompilation compilation, DefectFinder finder)
    {
        using var image = new MemoryStream();
        Diagnostic? error = compilation.Emit(image).Diagnostics.FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error);
        if (error is not null)
        {
            throw new NotSupportedException($"does not compile: {error}");
        }

        image.Position = 0;
        Type probe = new AssemblyLoadContext("defect", isCollectible: true).LoadFromStream(image).GetType(typeof(DefectProbe).FullName!)!;
        string? found = null;
        var thread = new Thread(() =>
            found = (string?)probe.GetMethod(nameof(DefectProbe.Run))!.Invoke(null, [(int)finder])) { IsBackground = true };
        thread.Start();
        return thread.Join(s_patience) ? found : "it never ends";
    }

    private static IEnumerable<string> Files() =>
        new[] { "services/Http/Engine", "kernel/CoreLib/Atoll", "tests/Http/Machine", "tests/Http/Checks" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
            .Append(Path.Combine(s_root, "tests", "Http", "Defects", "DefectProbe.cs"));

    private static SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(Read(path), s_options, path);

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    private static string PathOf(HttpDefect defect) => Path.Combine(s_root, "services/Http/Engine", defect.File);

    private static IEnumerable<MetadataReference> PlatformReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.sh")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests has build.sh");
    }
}
