using System.Collections.Immutable;
using System.Reflection;
using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.ContractMeter;

/// <summary>Another package of analyzers.</summary>
internal sealed class Peer
{
    private static readonly Version s_compiler = new(5, 9);

    private readonly ImmutableArray<DiagnosticAnalyzer> _rules;

    private Peer(string name, ImmutableArray<DiagnosticAnalyzer> rules)
    {
        Name = name;
        _rules = rules;
    }

    public string Name { get; }

    /// <summary>All packages that peers.txt names; Atoll's own rules are the first.</summary>
    public static IEnumerable<Peer> All()
    {
        yield return new Peer("atoll", [new Atoll.Contracts.ContractAnalyzer()]);
        foreach (string line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "peers.txt")))
        {
            if (line.Split('=') is [var name, { Length: > 0 } folder])
            {
                yield return new Peer(name, [.. Load(folder)]);
            }
        }
    }

    /// <summary>Snippets in which it reports anything about performance, every such rule switched on.</summary>
    public async Task<(IReadOnlySet<string> Reported, TimeSpan Time)> RunAsync(SnippetSet snippets)
    {
        string[] ids = [.. _rules.SelectMany(rule => rule.SupportedDiagnostics)
            .Where(rule => rule.Category.Contains("Performance", StringComparison.OrdinalIgnoreCase) || rule.Category.StartsWith("Atoll.", StringComparison.Ordinal))
            .Select(rule => rule.Id).Distinct()];
        Compilation compilation = snippets.Compilation.WithOptions(
            snippets.Compilation.Options.WithSpecificDiagnosticOptions(ids.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Warn))));
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: (_, _, _) => { }, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
        CompilationWithAnalyzers run = compilation.WithAnalyzers(_rules, options);
        ImmutableArray<Diagnostic> found = await run.GetAnalyzerDiagnosticsAsync();
        TimeSpan time = TimeSpan.Zero;
        foreach (DiagnosticAnalyzer rule in _rules)
        {
            time += (await run.GetAnalyzerTelemetryInfoAsync(rule, default)).ExecutionTime;
        }

        return (snippets.ReportedBy(found.Where(one => ids.Contains(one.Id) && one.Id != Snippet.UnknownId)), time);
    }

    private static IEnumerable<DiagnosticAnalyzer> Load(string package)
    {
        string analyzers = Path.Combine(package, "analyzers", "dotnet");
        string folder = Directory.EnumerateDirectories(analyzers, "roslyn*")
            .Where(path => Version.TryParse(Path.GetFileName(path)["roslyn".Length..], out Version? version) && version <= s_compiler)
            .OrderBy(path => Version.Parse(Path.GetFileName(path)["roslyn".Length..])).LastOrDefault() ?? analyzers;
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(folder, "cs"), "*.dll").Where(path => !path.Contains("CodeFix", StringComparison.Ordinal))];
        AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) =>
            files.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == new AssemblyName(wanted.Name).Name) is { } path ? Assembly.LoadFrom(path) : null;
        foreach (Type type in files.Select(Assembly.LoadFrom).SelectMany(Types))
        {
            if (type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null
                && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>()?.Languages.Contains(LanguageNames.CSharp) == true)
            {
                yield return (DiagnosticAnalyzer)Activator.CreateInstance(type)!;
            }
        }
    }

    // Fixes need Workspaces, which nothing here loads.
    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            return partly.Types.OfType<Type>();
        }
    }
}
