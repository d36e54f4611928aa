using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Planting;

/// <summary>Sources of the product, and of tests that look for mistakes in them, compiled in memory: as they are, or with one edit.</summary>
/// <remarks>
/// The product's own sources, so a defect is where it would be; no project is built. Test projects that plant defects compile this file: what they compile,
/// what is referenced and who looks is theirs.
/// </remarks>
public sealed class PlantedSources
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview);

    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly CSharpCompilation _sound;

    /// <summary>Compiles nothing yet.</summary>
    /// <param name="assembly">Name of the assembly: that of a room, where another room shows its internals to it.</param>
    /// <param name="texts">The sources, by name (<see cref="Files"/>).</param>
    /// <param name="namespaces">Namespaces that all sources use, as their project says.</param>
    /// <param name="isReferenced">Which assemblies that the test runs with are referenced, by the name of their file.</param>
    public PlantedSources(
        string assembly, IReadOnlyDictionary<string, string> texts, IEnumerable<string> namespaces, Func<string, bool> isReferenced)
    {
        _texts = texts;
        string usings = string.Concat(namespaces.Select(name => $"global using {name};"));
        _sound = CSharpCompilation.Create(
            assembly,
            texts.Select(text => Parse(text.Key, text.Value)).Append(Parse("Usings", usings)),
            References(isReferenced),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Top of the repository that the tests run in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Reads sources: names are paths from the root, lines end in LF.</summary>
    /// <param name="places">Folders, with all that is below them, and files.</param>
    /// <param name="isLeftOut">Which of them are not compiled.</param>
    public static IReadOnlyDictionary<string, string> Files(IEnumerable<string> places, Func<string, bool>? isLeftOut = null) =>
        places.SelectMany(FilesOf)
            .Where(file => isLeftOut is null || !isLeftOut(file))
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Root, file)).ReplaceLineEndings("\n"));

    /// <summary>Why an edit would show nothing: the sources have changed under it.</summary>
    /// <param name="name">The source.</param>
    /// <param name="find">Text to replace.</param>
    /// <param name="replace">What to put there.</param>
    /// <param name="mayRepeat">Whether the text may occur more than once.</param>
    /// <returns>null: the edit changes something, and what it leaves compiles.</returns>
    public string? Fault(string name, string find, string replace, bool mayRepeat = false)
    {
        int count = _texts[name].Split(find).Length - 1;
        if (count == 0 || (count != 1 && !mayRepeat) || find == replace)
        {
            return $"'{find}' occurs {count} times in {name}, and '{replace}' goes in its place";
        }

        // What an edit of a body breaks shows in its own file.
        SyntaxTree edited = Edited(name, find, replace);
        Diagnostic? error = Planted(edited).GetSemanticModel(edited).GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error);
        return error is null ? null : $"does not compile: {error}";
    }

    /// <summary>Compiles the sources as they are, and looks for mistakes.</summary>
    /// <inheritdoc cref="Find(string, string, string, TimeSpan, Func{Assembly, string})"/>
    public string? FindNothing(TimeSpan patience, Func<Assembly, string?> look) => Look(_sound, patience, look);

    /// <summary>Compiles them with an edit, and looks for mistakes.</summary>
    /// <param name="name">The source.</param>
    /// <param name="find">Text to replace, wherever it occurs.</param>
    /// <param name="replace">What to put there.</param>
    /// <param name="patience">How long to look: a defect may make the product run for ever.</param>
    /// <param name="look">Looks, in a thread of its own.</param>
    /// <returns>What was found, or null.</returns>
    /// <exception cref="NotSupportedException">The sources do not compile.</exception>
    public string? Find(string name, string find, string replace, TimeSpan patience, Func<Assembly, string?> look) =>
        Look(Planted(Edited(name, find, replace)), patience, look);

    private SyntaxTree Edited(string name, string find, string replace) => Parse(name, _texts[name].Replace(find, replace, StringComparison.Ordinal));

    private CSharpCompilation Planted(SyntaxTree edited) =>
        _sound.ReplaceSyntaxTree(_sound.SyntaxTrees.Single(candidate => candidate.FilePath == edited.FilePath), edited);

    private static string? Look(CSharpCompilation compilation, TimeSpan patience, Func<Assembly, string?> look)
    {
        using var code = new MemoryStream();
        Diagnostic? error = compilation.Emit(code).Diagnostics.FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error);
        if (error is not null)
        {
            throw new NotSupportedException($"does not compile: {error}");
        }

        code.Position = 0;
        var context = new AssemblyLoadContext("planted", isCollectible: true);
        Assembly assembly = context.LoadFromStream(code);
        var looking = Task.Factory.StartNew(() => look(assembly), TaskCreationOptions.LongRunning);
        if (!looking.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously).Wait(patience))
        {
            return "it never ends";
        }

        context.Unload();
        return looking.GetAwaiter().GetResult();
    }

    private static IEnumerable<string> FilesOf(string place)
    {
        string path = Path.Combine(Root, place);
        return File.Exists(path) ? [place] : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'));
    }

    private static SyntaxTree Parse(string name, string text) => CSharpSyntaxTree.ParseText(text, s_parse, name);

    private static IEnumerable<MetadataReference> References(Func<string, bool> isReferenced) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => isReferenced(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.sh")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests has build.sh");
    }
}
