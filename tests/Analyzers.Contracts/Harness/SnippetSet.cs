using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Contracts.Tests.Harness;

/// <summary>All labelled snippets, compiled once, looked at once, and ready to be run.</summary>
public sealed class SnippetSet
{
    private static readonly string[] s_marks = ["Clean", "Allocates", "NotKnown", "FalseAlarm", "Reports"];
    private static readonly Lazy<SnippetSet> s_all = new(() => new SnippetSet());

    private readonly Assembly _assembly;

    private SnippetSet()
    {
        Compilation = Compile();
        Snippets = [.. Read(Compilation, Analyze(Compilation)).OrderBy(one => one.Name, StringComparer.Ordinal)];
        _assembly = Load(Compilation);
    }

    /// <summary>The set.</summary>
    public static SnippetSet All => s_all.Value;

    /// <summary>The compilation of all snippets.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The snippets.</summary>
    public ImmutableArray<Snippet> Snippets { get; }

    /// <summary>The method of a snippet, to be called.</summary>
    public Action Method(Snippet snippet)
    {
        string[] parts = snippet.Name.Split('.');
        MethodInfo method = _assembly.GetType("Snippets." + parts[0])!
            .GetMethod(parts[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return method.CreateDelegate<Action>();
    }

    private static CSharpCompilation Compile()
    {
        string folder = Repository.PathOf("tests", "Analyzers.Contracts", "Snippets");
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        IEnumerable<SyntaxTree> trees = Directory.EnumerateFiles(folder, "*.cs").Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Snippets",
            [.. trees, .. Attributes.Trees(options)],
            Framework.References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        Diagnostic[] errors = [.. compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)];
        if (errors.Length > 0)
        {
            throw new InvalidOperationException(string.Join('\n', errors.Take(40).Select(error => error.ToString())));
        }

        return compilation;
    }

    /// <summary>Names of the snippets that some analyzers report anything of a kind in.</summary>
    public IReadOnlySet<string> ReportedBy(IEnumerable<Diagnostic> found)
    {
        ILookup<SyntaxTree?, Diagnostic> byTree = found.ToLookup(one => one.Location.SourceTree);
        return Compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
                .Where(method => Mark(method) is not null && byTree[tree].Any(one => method.Span.Contains(one.Location.SourceSpan))))
            .Select(method => $"{((TypeDeclarationSyntax)method.Parent!).Identifier.ValueText}.{method.Identifier.ValueText}")
            .ToHashSet(StringComparer.Ordinal);
    }

    private static ImmutableArray<Diagnostic> Analyze(CSharpCompilation compilation)
    {
        List<Exception> crashes = [];
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (error, _, _) => crashes.Add(error), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> found = compilation.WithAnalyzers([new ContractAnalyzer()], options).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return crashes.Count == 0 ? found : throw new InvalidOperationException(string.Join('\n', crashes));
    }

    private static IEnumerable<Snippet> Read(CSharpCompilation compilation, ImmutableArray<Diagnostic> found)
    {
        ILookup<SyntaxTree?, Diagnostic> byTree = found.ToLookup(one => one.Location.SourceTree);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (MethodDeclarationSyntax method in tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            {
                if (Mark(method) is { } mark && method.Parent is TypeDeclarationSyntax type)
                {
                    IEnumerable<string> reported = byTree[tree].Where(one => method.Span.Contains(one.Location.SourceSpan)).Select(one => one.Id);
                    yield return new Snippet(
                        $"{type.Identifier.ValueText}.{method.Identifier.ValueText}",
                        Enum.Parse<Label>(mark.Name.ToString()),
                        Ordered(mark.ArgumentList?.Arguments.Select(argument => argument.Expression.ToString().Trim('"')) ?? []),
                        Ordered(reported),
                        method.ToString());
                }
            }
        }
    }

    private static AttributeSyntax? Mark(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(one => s_marks.Contains(one.Name.ToString()));

    private static ImmutableArray<string> Ordered(IEnumerable<string> ids) => [.. ids.Distinct().Order(StringComparer.Ordinal)];

    private static Assembly Load(CSharpCompilation compilation)
    {
        var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        }

        image.Position = 0;
        return new AssemblyLoadContext("snippets", isCollectible: false).LoadFromStream(image);
    }
}
