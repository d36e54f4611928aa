using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Atoll.Contracts.Tests.Harness;
using ICSharpCode.Decompiler;
using ICSharpCode.Decompiler.CSharp;
using ICSharpCode.Decompiler.TypeSystem;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.ContractMeter;

/// <summary>What one state of a package's source gave.</summary>
/// <param name="Reports">Everything that the rules report, in order of place.</param>
/// <param name="Bytes">What a warm run of the scenario allocates.</param>
internal sealed record CaseState(ImmutableArray<Diagnostic> Reports, long Bytes);

/// <summary>A package of somebody else: decompiled, its hot path opted in, edited until the rules are silent, and run before and after.</summary>
/// <param name="name">Name of the package, and of its files in Cases/.</param>
/// <param name="assembly">Its assembly.</param>
internal sealed class CaseStudy(string name, string assembly)
{
    private static readonly CSharpParseOptions s_options = new(Microsoft.CodeAnalysis.CSharp.LanguageVersion.Preview);

    /// <summary>Name of the package.</summary>
    public string Name => name;

    /// <summary>All that cases.txt names.</summary>
    public static IEnumerable<CaseStudy> All() =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "cases.txt"))
            .Select(line => line.Split('=')).Select(parts => new CaseStudy(parts[0], parts[1]));

    /// <summary>As it was decompiled, with contracts only; and with the edits.</summary>
    public async Task<(CaseState Before, CaseState After)> RunAsync()
    {
        CaseScript script = CaseScript.Read(Path.Combine(AppContext.BaseDirectory, "Cases", name + ".edits"));
        string scenario = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Cases", name + ".scenario.cs"));
        string[] sources = [.. Types(script).Select(script.Repair).Select(script.OptIn), scenario];

        // In the types that are not compiled anew the compiler prefers those that are.
        IEnumerable<MetadataReference> rest = script.IsPartial ? [MetadataReference.CreateFromFile(assembly)] : [];
        return (await StateAsync(sources, rest), await StateAsync(sources.Select(script.Edit), rest));
    }

    private async Task<CaseState> StateAsync(IEnumerable<string> sources, IEnumerable<MetadataReference> rest)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            name + ".Studied",
            [.. sources.Select((text, index) => CSharpSyntaxTree.ParseText(text, s_options, $"{name}.{index}.cs")), .. Attributes.Trees(s_options)],
            [.. Framework.References, .. rest],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        var image = new MemoryStream();
        if (compilation.Emit(image) is { Success: false } result)
        {
            throw new InvalidOperationException($"{name} does not compile:\n" + string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(20)));
        }

        ImmutableArray<Diagnostic> reports = await compilation.WithAnalyzers([new Atoll.Contracts.ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        image.Position = 0;
        var context = new AssemblyLoadContext(name, isCollectible: false);
        context.Resolving += (loader, _) => loader.LoadFromAssemblyPath(assembly);
        Action hot = context.LoadFromStream(image).GetType("Scenario")!
            .GetMethod("Run", BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<Action>();
        return new CaseState([.. reports.OrderBy(one => one.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(one => one.Location.SourceSpan.Start)], Allocation.Measure(hot));
    }

    private IEnumerable<string> Types(CaseScript script)
    {
        var decompiler = new CSharpDecompiler(assembly, new DecompilerSettings { ThrowOnAssemblyResolveErrors = false });
        foreach (ITypeDefinition type in decompiler.TypeSystem.MainModule.TopLevelTypeDefinitions.Where(type => !type.Name.StartsWith('<') && script.Takes(type.Name)))
        {
            yield return decompiler.DecompileTypeAsString(type.FullTypeName);
        }
    }
}
