using System.Reflection;
using System.Runtime.Loader;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Protocols.Tests.Generation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>services/Lib, the sample protocol, what is made of it, and the hostile run: compiled in memory for the host, with one edit, and run.</summary>
internal sealed class DefectiveProtocol
{
    private const int Seeds = 4;

    private static readonly MetadataReference[] s_references = [.. References()];

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    internal DefectiveProtocol()
    {
        foreach (string file in Sources())
        {
            _texts[Path.GetFileNameWithoutExtension(file)] = File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal);
        }

        foreach ((string name, string text) in GeneratorRun.OverSample().Made)
        {
            _texts[name.Replace("Atoll.Protocols.Tests.Sample.", "", StringComparison.Ordinal) + ".g"] = text;
        }

        _texts["Usings"] = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
    }

    /// <summary>Whether the edit changes something.</summary>
    internal bool Fits(ProtocolDefect defect) => _texts[defect.File].Contains(defect.Find, StringComparison.Ordinal);

    /// <summary>Runs <see cref="HostileRun"/>.</summary>
    /// <param name="defect">What to plant; null: nothing.</param>
    /// <returns>null when nothing was found.</returns>
    internal string? Run(ProtocolDefect? defect)
    {
        IEnumerable<SyntaxTree> trees = _texts.Select(text => CSharpSyntaxTree.ParseText(
            text.Key == defect?.File ? text.Value.Replace(defect.Find, defect.Replace, StringComparison.Ordinal) : text.Value,
            new CSharpParseOptions(LanguageVersion.Preview),
            text.Key));
        using var code = new MemoryStream();
        var result = CSharpCompilation.Create("Atoll.Defective", trees, s_references, CSharpSource.Options).Emit(code);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        code.Position = 0;
        var context = new AssemblyLoadContext("defect", isCollectible: true);
        MethodInfo run = context.LoadFromStream(code).GetType(typeof(HostileRun).FullName!)!.GetMethod(nameof(HostileRun.Run))!;
        string? failure = Enumerable.Range(1, Seeds).Select(seed => (string?)run.Invoke(null, [seed, 500])).FirstOrDefault(found => found is not null);
        context.Unload();
        return failure;
    }

    private static IEnumerable<string> Sources() =>
    [
        // Without the memory that a test maps for a program: no protocol needs it.
        .. new[] { "Protocols", "Capabilities", "Objects", "Host" }
            .SelectMany(folder => Repository.CSharpFiles(Repository.PathOf("services", "Lib", folder)))
            .Where(path => Path.GetFileName(path) != "HostRegion.cs"),
        .. new[] { "Ipc", "Message" }.Select(name => Repository.PathOf("services", "Lib", "Kernel", $"{name}.cs")),
        .. Repository.CSharpFiles(Repository.PathOf("tests", "Protocols", "Sample")),
        .. new[] { "WireSpec", "SampleCall", "HostileRun" }.Select(name => Repository.PathOf("tests", "Protocols", "Hostile", $"{name}.cs")),
    ];

    // What this test itself runs with, but for the rooms that are compiled.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name == "Atoll.Abi.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
}
