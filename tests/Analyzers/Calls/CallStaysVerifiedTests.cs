using Atoll.Analyzers.Calls;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Atoll.Analyzers.Tests.Calls;

/// <summary>ATL0010.</summary>
public sealed class CallStaysVerifiedTests : RuleTests<CallStaysVerifiedAnalyzer>
{
    [Theory]
    [InlineData("static int M(int a) => {|ATL0010:Math.Abs(a)|};")]
    [InlineData("static void M() => {|ATL0010:Console.WriteLine()|};")]
    [InlineData("static int M(Span<int> s) => {|ATL0010:s[0]|};")]
    [InlineData("static int M(string s) => {|ATL0010:s.Length|};")]
    [InlineData("static bool M(Guid a, Guid b) => {|ATL0010:a == b|};")]
    [InlineData("static Action M(Action a) { {|ATL0010:a()|}; return a; }")]
    [InlineData("static readonly int s_cores = {|ATL0010:Environment.ProcessorCount|};")]
    [InlineData("static int M(int a) { int F() => {|ATL0010:Math.Abs(a)|}; return F(); }")]
    [InlineData("class D : System.IO.MemoryStream { public D() {|ATL0010:: base(3)|} { } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(int a) => a < 0 ? -a : a;")]
    [InlineData("static int F() => 1; static int M() => F();")]
    [InlineData("static int M() => int.MaxValue;")]
    // The language converts between spans by itself since C# 14.
    [InlineData("static ReadOnlySpan<int> M(Span<int> s) => s;")]
    [InlineData("class D { public int X; } static int M() => new D().X;")]
    [InlineData("[Obsolete(\"a\")] static void M() { }")]
    [InlineData("sealed class NameAttribute(string name) : Attribute { public int Length => name.Length; }")]
    [InlineData("static int M(int[] a) => a[0] + a.GetLowerBoundless(); static int GetLowerBoundless(this int[] a) => 1;")]
    [InlineData("[Trusted(Safety = \"Abs of a value above int.MinValue.\")] static int M(int a) => Math.Abs(a);")]
    [InlineData("static void M() { _ = nameof(Math.Abs); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static byte M(ReadOnlySpan<byte> s) => s[0];")]
    [InlineData("static byte M(ref byte b) => Volatile.Read(ref b);")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);

    private const string Library =
        """
        namespace Out
        {
            public struct S
            {
                public static int N;
                public const int K = 1;
                public S(int x) { }
                public int P { get => 1; set { } }
                public int this[int i] => i;
                public int F() => 1;
                public static void G() { }
                [Atoll.Trusted(Safety = "Pure.")] public static void T() { }
                public static S operator +(S a, S b) => a;
                public static implicit operator int(S s) => 1;
            }

            public ref struct E
            {
                public int Current => 1;
                public E GetEnumerator() => this;
                public bool MoveNext() => false;
                public void Dispose() { }
            }
        }
        """;

    // A kernel room that forgot the profile.
    private static MetadataReference Outside(bool hasProfile) =>
        TestPlatform.Kernel.Reference(Library, "Atoll.Outside", hasProfile);

    [Theory]
    [InlineData("class C { static int M(Out.S s) => {|ATL0010:s.F()|}; }")]
    [InlineData("class C { static int M(Out.S s) => {|ATL0010:s.P|}; }")]
    [InlineData("class C { static void M(Out.S s) => {|ATL0010:s.P|} = 1; }")]
    [InlineData("class C { static int M(Out.S s) => {|ATL0010:s[0]|}; }")]
    [InlineData("class C { static Out.S M(Out.S s) => {|ATL0010:s + s|}; }")]
    [InlineData("class C { static void M(Out.S s) => {|ATL0010:s += s|}; }")]
    [InlineData("class C { static int M(Out.S s) => {|ATL0010:s|}; }")]
    [InlineData("class C { static Out.S M() => {|ATL0010:new Out.S(1)|}; }")]
    [InlineData("class C { static int M() => {|ATL0010:Out.S.N|}; }")]
    [InlineData("unsafe class C { static delegate*<void> M() => &{|ATL0010:Out.S.G|}; }")]
    [InlineData("class C { static void M(Out.E e) { {|ATL0010:foreach (int x in e) { }|} } }")]
    [InlineData("class C { static void M() { {|ATL0010:using Out.E e = default;|} } }")]
    // An empty reason ends nothing.
    [InlineData("class C { [Trusted(Safety = \"\")] static void M() => {|ATL0010:Out.S.G()|}; }")]
    public Task ReportsCallOfUnprofiledAssembly(string file) =>
        ReportsFileAsync(file, TestPlatform.Kernel, references: Outside(hasProfile: false));

    [Theory]
    [InlineData("class C { static int M(Out.S s) => s.F() + s.P + s[0] + Out.S.N; }")]
    [InlineData("class C { static void M(Out.E e) { foreach (int x in e) { } } }")]
    public Task IsSilentAboutProfiledAssembly(string file) =>
        IsSilentFileAsync(file, TestPlatform.Kernel, references: Outside(hasProfile: true));

    [Theory]
    [InlineData("class C { static void M() => Out.S.T(); }")]
    [InlineData("class C { [Trusted(Safety = \"Only reads.\")] static int M(Out.S s) => s.F(); }")]
    [InlineData("[Trusted(Safety = \"Only reads.\")] class C { static int P { get { int F(Out.S s) => s.F(); return F(default); } } }")]
    [InlineData("class C { [Trusted(Safety = \"Only reads.\")] static int P => default(Out.S).F(); }")]
    [InlineData("class C { static int M() => Out.S.K; }")]
    [InlineData("class C { static void M() => _ = nameof(Out.S.G); }")]
    [InlineData("class C { static Out.S M() => default; }")]
    public Task IsSilentWhereTheProofEnds(string file) =>
        IsSilentFileAsync(file, TestPlatform.Kernel, references: Outside(hasProfile: false));
}
