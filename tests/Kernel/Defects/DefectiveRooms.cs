using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Kernel.Tests.Defects;

/// <summary>Rooms of the kernel and their model test, compiled in memory with one edit, and run.</summary>
/// <remarks>The product's own sources, so a defect is where it would be; no project is built.</remarks>
internal sealed class DefectiveRooms
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    private readonly string _root = FindRoot();
    private readonly string _folder;
    private readonly string _entry;
    private readonly MetadataReference[] _references;
    private readonly Dictionary<string, SyntaxTree> _trees = [];

    /// <summary>Reads the sources.</summary>
    /// <param name="folder">Where the files of defects lie.</param>
    /// <param name="rooms">Assemblies that are compiled instead of referenced.</param>
    /// <param name="sources">Folders and files that are compiled.</param>
    /// <param name="entry">Type with the method RunMany.</param>
    internal DefectiveRooms(string folder, string[] rooms, string[] sources, string entry)
    {
        _folder = folder;
        _entry = entry;
        _references = [.. References(rooms)];
        foreach (string file in sources.SelectMany(SourcesOf))
        {
            _trees[file] = Parse(file, File.ReadAllText(file));
        }

        _trees["usings"] = Parse("usings", "global using System; global using System.Collections.Generic; global using System.Linq; global using Xunit;");
    }

    /// <summary>How often the text that a defect replaces occurs.</summary>
    internal int Occurrences(PlantedDefect defect) => File.ReadAllText(PathOf(defect)).Split(defect.Find).Length - 1;

    /// <summary>Runs the model test.</summary>
    /// <param name="defect">What to plant; null: nothing.</param>
    /// <param name="seeds">Seeds that are tried.</param>
    /// <param name="steps">Steps of each.</param>
    /// <returns>null when nothing was found, else which seed failed at which step, and how.</returns>
    internal string? Run(PlantedDefect? defect, int seeds, int steps)
    {
        Dictionary<string, SyntaxTree> trees = new(_trees);
        if (defect is not null)
        {
            string file = PathOf(defect);
            trees[file] = Parse(file, File.ReadAllText(file).Replace(defect.Find, defect.Replace, StringComparison.Ordinal));
        }

        using var code = new MemoryStream();
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable,
                optimizationLevel: OptimizationLevel.Release);

        // Under the name of the room to which Arch shows its ports.
        var result = CSharpCompilation.Create("Atoll.Syscall", trees.Values, _references, options).Emit(code);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        code.Position = 0;
        var context = new AssemblyLoadContext("defect", isCollectible: true);
        MethodInfo run = context.LoadFromStream(code).GetType(_entry)!.GetMethod("RunMany")!;
        string? failure = (string?)run.Invoke(null, [seeds, steps]);
        context.Unload();
        return failure;
    }

    /// <summary>Top of the repository that the tests run in.</summary>
    internal static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "kernel", "Layers.txt")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, s_parse, path);

    // What this test itself runs with, but for the rooms that are compiled.
    private static IEnumerable<MetadataReference> References(string[] rooms) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !rooms.Contains(Path.GetFileName(path)))
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("xunit.", StringComparison.Ordinal)
                || name is "Atoll.Abi.dll" or "Atoll.Arch.dll" or "Atoll.Base.dll" or "Atoll.Mm.dll" or "Atoll.Ipc.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));

    private string PathOf(PlantedDefect defect) => Path.Combine(_root, _folder, defect.File);

    // The entries of an image are not compiled for the host.
    private IEnumerable<string> SourcesOf(string source)
    {
        string path = Path.Combine(_root, source);
        return File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "EntryPoints.cs");
    }
}
