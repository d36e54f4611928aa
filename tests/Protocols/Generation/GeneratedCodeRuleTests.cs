using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>What the generators make is held to every rule, as what is written by hand.</summary>
public sealed class GeneratedCodeRuleTests
{
    private static readonly AnalyzerOptions s_lists = new(
    [
        .. new[] { "Trusted.txt", "Layers.txt", "Messages.shipped.txt" }
            .Select(name => new TextFile(name, File.ReadAllText(Repository.PathOf("kernel", name)))),
    ]);

    [Fact]
    public async Task Sample_PassesEveryRule() => Assert.Empty(await ReportsAsync(GeneratorRun.OverSample()));

    [Fact]
    public async Task ServicesProtocols_PassesEveryRule() => Assert.Empty(await ReportsAsync(GeneratorRun.OverProtocols()));

    /// <summary>A mistake in generated code would be seen: each of these edits is one.</summary>
    [Theory]
    [InlineData("SampleClient", "result = default;\n", "result = default; Transport.Call(0, 0, out _);\n", "ATL0801")]
    [InlineData("SampleDispatch", "return exchange.End(in answer);", "exchange.End(in answer); throw null!;", "ATL0201")]
    [InlineData("SampleReply", "public static class SampleReply<TReplies>", "public static class Last { public static int Count; } public static class SampleReply<TReplies>", "ATL0601")]
    [InlineData("SampleProtocol", "public static class SampleProtocol", "public static class Heap { public static object Make() => new(); } public static class SampleProtocol", "ATL0001")]
    public async Task MistakeInGeneratedCode_IsReported(string part, string find, string replace, string id)
    {
        GeneratorRun run = GeneratorRun.OverSample();
        SyntaxTree tree = run.Output.SyntaxTrees.Single(tree => tree.FilePath.EndsWith($"{part}.g.cs", StringComparison.Ordinal));
        string text = tree.ToString();
        Assert.Contains(find, text, StringComparison.Ordinal);
        SyntaxTree wrong = CSharpSource.Parse(text.Replace(find, replace, StringComparison.Ordinal), tree.FilePath);
        Compilation changed = run.Output.ReplaceSyntaxTree(tree, wrong);
        Assert.Contains(await RuleVerifier.RunAsync(RuleVerifier.AllRules, changed, isConcurrent: true, s_lists), report => report.Id == id);
    }

    private static async Task<IEnumerable<string>> ReportsAsync(GeneratorRun run)
    {
        Assert.Empty(run.Found);
        Assert.NotEmpty(run.Made);
        RuleVerifier.AssertCompiles(run.Output, "");
        ImmutableArray<Diagnostic> reports = await RuleVerifier.RunAsync(RuleVerifier.AllRules, run.Output, isConcurrent: true, s_lists);
        return reports.Select(report => report.ToString());
    }
}
