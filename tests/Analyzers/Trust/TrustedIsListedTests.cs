using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>ATL1002.</summary>
public sealed class TrustedIsListedTests : RuleTests<TrustedIsListedAnalyzer>
{
    private const string One = "struct S { [Trusted(Safety = \"a\")] void M(int x) { } }";

    [Theory]
    [InlineData("", One, "Not in Trusted.txt, which is reviewed: 'Atoll.Test S.M(int): \"a\"' at 12 of the source")]
    [InlineData("Atoll.Test S.M(int): \"b\"\nAtoll.Test S.M(int): \"a\"", One, "Trusted.txt lists what is trusted no more: 'Atoll.Test S.M(int): \"b\"' at 0 of /kernel/Trusted.txt")]
    [InlineData("Atoll.Test S.M(): \"a\"\nAtoll.Test S.M(int): \"a\"", One, "Trusted.txt lists what is trusted no more: 'Atoll.Test S.M(): \"a\"' at 0 of /kernel/Trusted.txt")]
    [InlineData("# c\nAtoll.Test S: \"a\"\n", "struct S;", "Trusted.txt lists what is trusted no more: 'Atoll.Test S: \"a\"' at 4 of /kernel/Trusted.txt")]
    [InlineData("Atoll.Tester S.M(int): \"a\"", One, "Not in Trusted.txt, which is reviewed: 'Atoll.Test S.M(int): \"a\"' at 12 of the source")]
    [InlineData("# Atoll.Test S.M(int): \"a\"", One, "Not in Trusted.txt, which is reviewed: 'Atoll.Test S.M(int): \"a\"' at 12 of the source")]
    [InlineData("Atoll.Test S.P: \"a\"", "struct S { int P { [Trusted(Safety = \"a\")] get => 1; [Trusted(Safety = \"a\")] set { } } }", "Not in Trusted.txt, which is reviewed: 'Atoll.Test S.P: \"a\"' at 54 of the source")]
    [InlineData("Atoll.Test S: \"a\"\nAtoll.Test S: \"a\"", "[Trusted(Safety = \"a\")] struct S;", "Trusted.txt lists what is trusted no more: 'Atoll.Test S: \"a\"' at 18 of /kernel/Trusted.txt")]
    [InlineData("", "static class C { static void M() { [Trusted(Safety = \"a\")] void F() { } F(); } }", "Not in Trusted.txt, which is reviewed: 'Atoll.Test C.M().F(): \"a\"' at 36 of the source")]
    public async Task Reports(string list, string source, string expected) =>
        Assert.Equal([expected], (await RunAsync(source, list)).Select(Describe));

    [Fact]
    public async Task ChangedReason_IsReportedAtBothEnds() =>
        Assert.Equal(2, (await RunAsync(One, "Atoll.Test S.M(int): \"another\"")).Length);

    [Theory]
    [InlineData("Atoll.Test S.M(int): \"a\"", One)]
    [InlineData("# c\r\nAtoll.Test S.M(int): \"a\"\r\n", One)]
    [InlineData("Atoll.Other S: \"a\"\nAtoll.Test S.M(int): \"a\"  \n", One)]
    [InlineData("", "struct S { void M() { } }")]
    [InlineData("Atoll.Other S: \"a\"", "[Obsolete] struct S;")]
    [InlineData("Atoll.Test S: \"a b\"", "[Trusted(Safety = \"a \"\n    + \"b\")] struct S;")]
    [InlineData("Atoll.Test S: \"\"", "[Trusted] struct S;")]
    [InlineData("Atoll.Test S.P: \"a\"\nAtoll.Test S.P: \"a\"", "struct S { int P { [Trusted(Safety = \"a\")] get => 1; [Trusted(Safety = \"a\")] set { } } }")]
    public async Task IsSilent(string list, string source) => Assert.Empty(await RunAsync(source, list));

    [Fact]
    public async Task WithoutAList_NothingIsCompared() => Assert.Empty(await RunAsync(One, "", "/kernel/Other.txt"));

    /// <summary>Each kind of declaration that the attribute may stand on, under each of its names.</summary>
    [Theory]
    [InlineData("struct S { [Trusted(Safety = \"a\")] void M(int x, ref byte y) { } }", "S.M(int, byte): \"a\"")]
    [InlineData("struct S<T> { [Atoll.Trusted(Safety = \"a\")] void M<U>() { } }", "S<T>.M<U>(): \"a\"")]
    [InlineData("[TrustedAttribute(Safety = C.Why)] class C { public const string Why = \"b\"; }", "C: \"b\"")]
    [InlineData("using Ok = Atoll.TrustedAttribute; [Ok(Safety = \"a\")] class C;", "C: \"a\"")]
    [InlineData("[global::Atoll.Trusted] interface I;", "I: \"\"")]
    [InlineData("struct S { struct Inner { [Trusted(Safety = \"a\")] int _x, _y; } }", "S.Inner._x, _y: \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] S(int x) { } }", "S.S(int): \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] int P => 1; }", "S.P: \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] public static S operator +(S a, S b) => a; }", "S.operator +(S, S): \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] public static implicit operator int(S a) => 0; }", "S.operator int(S): \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] int this[int i] => i; }", "S.this[]: \"a\"")]
    public async Task Place_IsNamed(string source, string expected)
    {
        ImmutableArray<Diagnostic> reported = await RunAsync(source, "");

        Assert.Contains($"'Atoll.Test {expected}'", Assert.Single(reported).GetMessage(), StringComparison.Ordinal);
    }

    private static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.GetMessage()} at {diagnostic.Location.SourceSpan.Start} of "
            + (diagnostic.Location.SourceTree is null ? diagnostic.Location.GetLineSpan().Path : "the source");

    private static Task<ImmutableArray<Diagnostic>> RunAsync(
        string source, string list, string path = "/kernel/Trusted.txt")
    {
        Compilation compilation = TestPlatform.DotNet.Compile([CSharpSource.Parse(source)]);
        RuleVerifier.AssertCompiles(compilation, source);
        return RuleVerifier.RunAsync(
            [new TrustedIsListedAnalyzer()], compilation, isConcurrent: true, new AnalyzerOptions([new TextFile(path, list)]));
    }
}
