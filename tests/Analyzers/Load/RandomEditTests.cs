using System.Collections.Immutable;
using System.Xml.Linq;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>The kernel's own files while somebody edits them anyhow: whatever the text becomes, no rule crashes.</summary>
/// <remarks>`ATOLL_SEED=7 ./build.sh test RandomEdit` repeats one run.</remarks>
public sealed class RandomEditTests
{
    private const int EditsPerSeed = 15;

    private static readonly Lazy<CSharpCompilation> s_kernel = new(static () => TestPlatform.Kernel.Compile(
        Rooms().SelectMany(static room => Repository.CSharpFiles(Repository.PathOf("kernel", room)))
            .Select(static path => CSharpSource.Parse(File.ReadAllText(path), path)),
        "Atoll.Boot"));

    // The core library is what they are compiled against.
    private static IEnumerable<string> Rooms() =>
        XDocument.Load(Repository.PathOf("kernel", "Image", "Image.props")).Descendants("Room").Single().Attribute("Include")!.Value
            .Split(';').Where(static room => room != "CoreLib");

    public static TheoryData<int> Seeds => Seeded(1);

    public static TheoryData<int> ManySeeds => Seeded(int.Parse(Environment.GetEnvironmentVariable("ATOLL_SEEDS") ?? "30"));

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task Edits_BreakNoRule(int seed) => EditAsync(seed);

    [Theory, Trait("Category", "Long")]
    [MemberData(nameof(ManySeeds))]
    public Task ManyEdits_BreakNoRule(int seed) => EditAsync(seed);

    private static TheoryData<int> Seeded(int count) =>
        int.TryParse(Environment.GetEnvironmentVariable("ATOLL_SEED"), out int one) ? [one] : [.. Enumerable.Range(1, count)];

    private static async Task EditAsync(int seed)
    {
        var random = new Random(seed);
        SyntaxTree[] files = [.. s_kernel.Value.SyntaxTrees.Where(static tree => tree.FilePath.Contains("kernel", StringComparison.Ordinal))];
        for (int i = 0; i < EditsPerSeed; i++)
        {
            SyntaxTree file = files[random.Next(files.Length)];
            SyntaxTree edited = CSharpSource.Parse(Edit(file.ToString(), random), file.FilePath);
            CSharpCompilation compilation = s_kernel.Value.ReplaceSyntaxTree(file, edited);
            CompilationWithAnalyzers run = compilation.WithAnalyzers(RuleVerifier.AllRules, new AnalyzerOptions([]));
            ImmutableArray<Diagnostic> reported =
            [
                .. await run.GetAnalyzerSyntaxDiagnosticsAsync(edited, CancellationToken.None),
                .. await run.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(edited), filterSpan: null, CancellationToken.None),
            ];
            Assert.DoesNotContain("AD0001", reported.Select(static one => one.Id));
            RuleVerifier.AssertNoCrash(reported, $"ATOLL_SEED={seed}, edit {i} of {file.FilePath}:\n{edited}");
        }
    }

    // What a hand does: a word lost or doubled, a piece moved or pasted elsewhere, a file cut off.
    private static string Edit(string text, Random random)
    {
        SyntaxToken[] tokens = [.. CSharpSource.Parse(text).GetRoot().DescendantTokens().Where(static one => one.Span.Length > 0)];
        SyntaxToken Pick() => tokens[random.Next(tokens.Length)];
        SyntaxToken first = Pick(), second = Pick();
        (int start, int end) = (Math.Min(first.SpanStart, second.SpanStart), Math.Max(first.Span.End, second.Span.End));
        return random.Next(7) switch
        {
            0 => text.Remove(first.SpanStart, first.Span.Length),
            1 => text.Insert(first.SpanStart, $"{second} "),
            2 => text.Remove(first.SpanStart, first.Span.Length).Insert(first.SpanStart, second.ToString()),
            3 => text.Insert(text.Length, text[start..end]),
            4 => text.Insert(first.SpanStart, "return 0; "),
            5 => text[..first.SpanStart],
            _ => text.Remove(start, Math.Min(end - start, 200)),
        };
    }
}
