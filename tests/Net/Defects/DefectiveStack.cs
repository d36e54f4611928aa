using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Net.Tests.Defects;

/// <summary>The stack's sources, and all that looks for defects, compiled in memory: as they are, or with one edit.</summary>
public sealed class DefectiveStack
{
    private const string GlobalUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + "global using System.Threading;";

    // A defect may make the stack run for ever.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_root = FindRepository();
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Preview);

    private readonly CSharpCompilation _sound = CSharpCompilation.Create(
        "Atoll.Net.Defective",
        Files().Select(Parse).Append(CSharpSyntaxTree.ParseText(GlobalUsings, s_options)),
        PlatformReferences(),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>How often a defect's text occurs in its file.</summary>
    public static int Occurrences(TcpDefect defect) => Read(PathOf(defect)).Split(defect.Find).Length - 1;

    /// <summary>Text of the script that finds it; nothing for other finders.</summary>
    public static string ScriptOf(string finder)
    {
        string path = Path.Combine(s_root, "tests", "Packetdrill", "Scripts", $"{finder}.pkt");
        return finder == DefectProbe.Streams ? "" : Read(path);
    }

    /// <summary>What the finder says of the stack with this defect.</summary>
    public string? Find(TcpDefect defect)
    {
        string path = PathOf(defect);
        SyntaxTree tree = _sound.SyntaxTrees.Single(candidate => candidate.FilePath == path);
        string edited = Read(path).Replace(defect.Find, defect.Replace, StringComparison.Ordinal);
        return Run(_sound.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(edited, s_options, path)), defect.Finder);
    }

    /// <summary>What the finder says of the stack as it is.</summary>
    public string? FindNothing(string finder) => Run(_sound, finder);

    private static string? Run(CSharpCompilation compilation, string finder)
    {
        using var image = new MemoryStream();
        string[] errors = [.. compilation.Emit(image).Diagnostics.Where(found =>
            found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString())];
        if (errors.Length > 0)
        {
            throw new InvalidOperationException($"does not compile: {errors[0]}");
        }

        image.Position = 0;
        Type probe = new AssemblyLoadContext("defect", isCollectible: true).LoadFromStream(image).GetType(typeof(DefectProbe).FullName!)!;
        string? found = null;
        var thread = new Thread(() => found = (string?)probe.GetMethod(nameof(DefectProbe.Run))!.Invoke(null, [finder, ScriptOf(finder)]))
        {
            IsBackground = true,
        };
        thread.Start();
        return thread.Join(s_patience) ? found : "it never ends";
    }

    private static IEnumerable<string> Files() =>
        new[] { "services/Net/Stack", "kernel/CoreLib/Atoll", "tests/Net/Simulation", "tests/Packetdrill/Machine",
            "tests/Packetdrill/Scripting" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
            .Append(Path.Combine(s_root, "tests", "Net", "Defects", "DefectProbe.cs"));

    private static SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(Read(path), s_options, path);

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    private static string PathOf(TcpDefect defect) => Path.Combine(s_root, "services/Net/Stack", defect.File);

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
