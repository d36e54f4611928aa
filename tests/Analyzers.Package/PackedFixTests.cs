using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Atoll.Package.Tests;

/// <summary>The packed fixes, tested as a user of the package would test them.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed class PackedFixTests(LocalFeed feed)
{
    [Fact]
    public Task SmallArray_BecomesStackalloc() => VerifyAsync(
        "[NoGC] int M() { int[] a = {|ATL2002:new int[4]|}; a[1] = 3; foreach (int x in a) { } return a[1] + a.Length; }",
        "[NoGC] int M() { Span<int> a = stackalloc int[4]; a[1] = 3; foreach (int x in a) { } return a[1] + a.Length; }");

    [Fact]
    public Task InitialisedArray_BecomesStackalloc() => VerifyAsync(
        "[NoGC] int M() { var a = {|ATL2002:new int[] { 1, 2 }|}; return a[1]; }",
        "[NoGC] int M() { Span<int> a = stackalloc int[] { 1, 2 }; return a[1]; }");

    [Theory]
    [InlineData("[NoGC] int[] M() { int[] a = {|ATL2002:new int[4]|}; return a; }")]
    [InlineData("[NoGC] int M() { int[] a = {|ATL2002:new int[4]|}; return N(a); } [NoGC] int N(int[] a) => a[0];")]
    [InlineData("[NoGC] int M() { int s = 0; for (int i = 0; i < 3; i++) { int[] a = {|ATL2002:new int[4]|}; s += a[0]; } return s; }")]
    [InlineData("[NoGC] int M(int n) { int[] a = {|ATL2002:new int[n]|}; return a[0]; }")]
    [InlineData("[NoGC] int M() { int[] a = {|ATL2002:new int[4000]|}; return a[0]; }")]
    [InlineData("[NoGC] int M() { string[] a = {|ATL2002:new string[4]|}; return a.Length; }")]
    public Task ArrayThatLeaves_OrIsLarge_IsLeft(string source) => VerifyAsync(source, source);

    [Fact]
    public Task TestOfAFlag_BecomesATestOfBits() => VerifyAsync(
        "[Flags] enum E { A = 1, B = 2 } [NoGC] bool M(E e) => {|ATL2003:e.HasFlag({|ATL2003:E.B|})|};",
        "[Flags] enum E { A = 1, B = 2 } [NoGC] bool M(E e) => (e & E.B) == E.B;");

    [Fact]
    public Task EmptyArray_BecomesTheSharedOne() => VerifyAsync(
        "[NoGC] int[] M() => {|ATL2002:new int[0]|};", "[NoGC] int[] M() => Array.Empty<int>();");

    [Fact]
    public Task ForgottenResource_IsDisposed() => VerifyAsync(
        "sealed class R : IDisposable { public void Dispose() { } } [NoRecursion] bool M() { var s = {|ATL2501:new R()|}; return s is null; }",
        "sealed class R : IDisposable { public void Dispose() { } } [NoRecursion] bool M() { using var s = new R(); return s is null; }");

    private Task VerifyAsync(string before, string after)
    {
        var test = new PackedTest(new PackedRules(feed)) { ReferenceAssemblies = new ReferenceAssemblies("net10.0"), TestCode = InClass(before), FixedCode = InClass(after) };
        foreach (string path in ReferencePaths())
        {
            test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(path));
        }

        test.TestState.Sources.Add(("Marks.cs", Marks));
        test.FixedState.Sources.Add(("Marks.cs", Marks));
        return test.RunAsync();
    }

    private const string Marks = "namespace Atoll { public class NoGCAttribute : System.Attribute { } public class NoRecursionAttribute : System.Attribute { } }";

    private static string InClass(string members) => $"using System;\nusing Atoll;\nclass C\n{{\n    {members}\n}}\n";

    private static IEnumerable<string> ReferencePaths()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        return Directory.EnumerateFiles(Directory.EnumerateDirectories(packs).Select(version => Path.Combine(version, "ref", $"net{Environment.Version.Major}.0")).Last(Directory.Exists), "*.dll");
    }

    // The default is a framework that would have to be downloaded.
    private sealed class PackedTest(PackedRules rules) : CSharpCodeFixTest<EmptyDiagnosticAnalyzer, EmptyCodeFixProvider, DefaultVerifier>
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => rules.Analyzers;

        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => rules.Fixes;

        protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.CSharp14);

        protected override CompilationOptions CreateCompilationOptions() => new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);
    }
}
