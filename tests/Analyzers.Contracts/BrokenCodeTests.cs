using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests;

/// <summary>Code that does not compile crashes nothing: that is what code looks like while it is typed.</summary>
public sealed class BrokenCodeTests
{
    private const int Cuts = 40;

    private static readonly string s_cases = Repository.PathOf("tests", "Analyzers", "Cases", "Sources");

    /// <summary>Names of the snippet files.</summary>
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Repository.PathOf("tests", "Analyzers.Contracts", "Snippets"), "*.cs").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Names of the cases that were found from outside in the rules of the kernel (tests/Analyzers/Cases).</summary>
    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(s_cases, "*.cs").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("return 0;")]
    [InlineData("using Atoll; class C { [NoGC] void M() { Missing(); new Missing(); x += 1; foreach (var a in b) { } } }")]
    [InlineData("using Atoll; class C { [NoGC] int M() => ; [NoGC] C() : base(3) { } [NoGC] int P { get; set => } }")]
    [InlineData("using Atoll; [NoGC] class C : D { override void M( { switch (3) { case } } }")]
    [InlineData("using Atoll; [NoGC] record R(int X) { R(R other) : this(; int P => $\"{\"; }")]
    [InlineData("using Atoll; [NoGC] struct S { void M() { (int a, ) = (1, ); int[] b = [1, ..]; using var c = ; lock () { } yield return; await; } }")]
    public async Task Fragment_CrashesNothing(string source) => await RuleRun.Of(source, mayBeBroken: true, options: s_forced);

    /// <summary>What made a rule of the kernel crash or err makes no rule of the package crash, whole and in halves. Its attributes are unknown here, as in half-written code.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task CaseFromOutside_CrashesNothing(string file)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(s_cases, file));
        await RuleRun.Of(text, mayBeBroken: true, options: s_forced);
        await RuleRun.Of(text[..(text.Length / 2)], mayBeBroken: true, options: s_forced);
    }

    /// <summary>Each snippet file, cut off at places all over it, and with pieces taken out.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    [Trait("Category", "Long")]
    public async Task CutFile_CrashesNothing(string file)
    {
        string text = await File.ReadAllTextAsync(Repository.PathOf("tests", "Analyzers.Contracts", "Snippets", file));
        for (int cut = 1; cut <= Cuts; cut++)
        {
            int at = text.Length * cut / (Cuts + 1);
            await RuleRun.Of(text[..at], mayBeBroken: true, options: s_forced);
            await RuleRun.Of(text[..at] + text[Math.Min(text.Length, at + 7)..], mayBeBroken: true, options: s_forced);
        }
    }

    private static readonly Dictionary<string, string> s_forced = new() { ["build_property.AtollForce"] = "All" };
}
