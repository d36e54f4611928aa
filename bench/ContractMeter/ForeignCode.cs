using System.Collections.Immutable;
using Atoll.Bench.Foreign;
using Atoll.Contracts;
using Atoll.Contracts.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.ContractMeter;

/// <summary>What a run over code of others gave.</summary>
internal sealed record ForeignResult(int Lines, int Reports, int Crashes, TimeSpan Warm);

/// <summary>Code that nobody here wrote: assemblies of the SDK, decompiled.</summary>
internal static class ForeignCode
{
    private const int LinesWanted = 100_000;
    private const int Rounds = 4;

    private static readonly string[] s_assemblies =
    [
        "Microsoft.Build.dll", "Microsoft.Build.Tasks.Core.dll", "Newtonsoft.Json.dll", "NuGet.Packaging.dll", "NuGet.Protocol.dll",
        "NuGet.Commands.dll", "System.CommandLine.dll",
    ];

    /// <summary>Own time over this repository's sources that name no contract.</summary>
    public static async Task<(int Lines, TimeSpan Time)> IdleAsync(string repository)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        string[] folders = ["analyzers", "bench", "cli", "kernel", "linker", "services", "test-vm", "tests"];
        SyntaxTree[] trees = [.. folders.Select(folder => Path.Combine(repository, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path))
            .Where(tree => !OptInScan.NamesContract(tree, default))
            .Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), options, tree.FilePath))];
        CSharpCompilation compilation = CSharpCompilation.Create("Idle", trees, Framework.References);
        TimeSpan least = TimeSpan.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            (TimeSpan time, _, _) = await RunAsync(compilation, force: null);
            least = time < least ? time : least;
        }

        return (trees.Sum(Lines), least);
    }

    /// <summary>Every contract on every method: no crash, and the time of a warm run.</summary>
    public static async Task<ForeignResult> ForcedAsync(string repository)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Foreign", Decompile(repository), Framework.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        TimeSpan warm = TimeSpan.MaxValue;
        int reports = 0;
        int crashes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            (TimeSpan time, reports, int broken) = await RunAsync(compilation, "All");
            crashes += broken;
            warm = time < warm ? time : warm;
        }

        return new ForeignResult(compilation.SyntaxTrees.Sum(Lines), reports, crashes, warm);
    }

    private static async Task<(TimeSpan Time, int Reports, int Crashes)> RunAsync(CSharpCompilation compilation, string? force)
    {
        int crashes = 0;
        var analyzer = new ContractAnalyzer();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], new Force(force)),
            (error, _, _) => { Interlocked.Increment(ref crashes); Console.Error.WriteLine(error); },
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: true);
        CompilationWithAnalyzers run = compilation.WithAnalyzers([analyzer], options);
        ImmutableArray<Diagnostic> found = await run.GetAnalyzerDiagnosticsAsync();
        return ((await run.GetAnalyzerTelemetryInfoAsync(analyzer, default)).ExecutionTime, found.Length, crashes);
    }

    private static List<SyntaxTree> Decompile(string repository)
    {
        List<SyntaxTree> trees = [];
        int lines = 0;
        foreach (string assembly in s_assemblies)
        {
            foreach (string type in SdkSources.TypesOf(repository, assembly))
            {
                var tree = CSharpSyntaxTree.ParseText(type, new CSharpParseOptions(LanguageVersion.Preview), $"{assembly}.{trees.Count}.cs");
                trees.Add(tree);
                lines += Lines(tree);
            }

            if (lines >= LinesWanted)
            {
                return trees;
            }
        }

        throw new InvalidOperationException($"only {lines} lines of foreign code in {string.Join(", ", s_assemblies)}");
    }

    private static int Lines(SyntaxTree tree) => tree.GetText().Lines.Count;

    private sealed class Force(string? what) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(what);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(string? what) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.AtollForce" ? what : null;
            return value is not null;
        }
    }
}
