using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0006.</summary>
public sealed class NoManagedStringTests : RuleTests<NoManagedStringAnalyzer>
{
    // A handler builds no string of the whole; its literal parts and formats are strings.
    private const string Handler =
        "[InterpolatedStringHandler] ref struct Line { public Line(int literals, int values) { } public void AppendLiteral(string s) { } "
        + "public void AppendFormatted(ulong value, int width = 0, string format = null) { } } static void Print(Line line) { } ";

    [Theory]
    [InlineData("static void M() { var s = {|ATL0006:\"a\"|}; }")]
    [InlineData("static int M() => {|ATL0006:\"a\"|}.Length;")]
    [InlineData("static void F(string s) { } static void M() { F({|ATL0006:\"a\"|}); }")]
    [InlineData("static string M(int n) => {|ATL0006:$\"n={n}\"|};")]
    [InlineData("static string M(string a, string b) => {|ATL0006:a + b|};")]
    [InlineData("static string M(string a) => {|ATL0006:\"x\" + a + \"y\"|};")]
    [InlineData("static void M(string a) { {|ATL0006:a += \"x\"|}; }")]
    [InlineData("static string M(int n) => {|ATL0006:n.ToString()|};")]
    [InlineData("static string M() => {|ATL0006:string.Empty|};")]
    [InlineData("static string M() => {|ATL0006:Environment.NewLine|};")]
    [InlineData("static string M() => {|ATL0006:new string('a', 3)|};")]
    [InlineData("const string Name = \"a\"; static string M() => {|ATL0006:Name|};")]
    [InlineData("static string M() { const string Name = \"a\"; return {|ATL0006:Name|}; }")]
    [InlineData("static readonly string s_name = {|ATL0006:\"a\"|};")]
    [InlineData("static bool M(string s) => s is {|ATL0006:\"a\"|};")]
    [InlineData("static bool M(string s) => s == {|ATL0006:\"a\"|};")]
    [InlineData("static int M(string s) { switch (s) { case {|ATL0006:\"a\"|}: return 1; default: return 0; } }")]
    [InlineData("static string M(string s) => {|ATL0006:\"a\".Substring(1)|};")]
    [InlineData("static ReadOnlySpan<char> M() => {|ATL0006:\"a\"|};")]
    [InlineData("struct S { public static implicit operator string(S s) => null!; } static string M(S s) => {|ATL0006:s|};")]
    [InlineData("[InterpolatedStringHandler] ref struct H { public H(int a, int b) { } public void AppendLiteral(string s) { } } static void F(H h) { } static void M() => F({|ATL0006:$\"a\"|});")]
    [InlineData("static void F(string s) { } static void M(int x) => F({|ATL0006:nameof(x)|});")]
    [InlineData("static int M() => {|ATL0006:nameof(C)|}.Length;")]
    [InlineData("static string M(bool b) => b ? {|ATL0006:nameof(b)|} : null;")]
    [InlineData("static string M(int x) => {|ATL0006:nameof(x) + x|};")]
    [InlineData(Handler + "static void M(ulong value) => Print({|ATL0006:$\"at {value}\"|});")]
    [InlineData(Handler + "static void M(ulong value) => Print({|ATL0006:$\"{value:x}\"|});")]
    [InlineData("static void M(string s, int x) { s = {|ATL0006:$\"{x}\"|}; }")]
    [InlineData("static partial class P { [System.Diagnostics.Conditional(\"LOG\")] static void Log(string s) { } static void M() => Log({|ATL0006:\"text\"|}); }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static ReadOnlySpan<byte> M() => \"a\"u8;")]
    [InlineData("const string Name = \"a\";")]
    [InlineData("const string Name = \"a\" + nameof(C);")]
    [InlineData("static void M() { const string Name = \"a\"; }")]
    [InlineData("[Obsolete(\"a\")] static void M() { }")]
    [InlineData("const string Text = \"a\"; [Obsolete(Text + \"b\")] static void M() { }")]
    [InlineData("sealed class NameAttribute(string name) : Attribute { public string Name { get; set; } = name; public string Other { get; set; } = \"\"; } [Name(\"a\", Other = \"b\")] static void M() { }")]
    [InlineData("static void M(string s) { _ = nameof(s); }")]
    [InlineData("static bool M(int x) => nameof(x) == nameof(C);")]
    [InlineData("const string Name = \"a\"; static bool M(bool b) => b && Name != \"b\";")]
    [InlineData("static partial class P { static partial void Log(string s); static void M(int x) => Log(\"text\" + x); }")]
    [InlineData(Handler + "static void M(ulong value) => Print($\"{value}{value}\");")]
    [InlineData(Handler + "static void M(ulong value) => Print((Line)$\"{value}\");")]
    [InlineData("static void F(string? s = \"a\") { }")]
    [InlineData("static string? M() => null;")]
    [InlineData("static string M(string s) { string t = s; return t; }")]
    [InlineData("static char M() => 'a';")]
    [InlineData("static int M(int a, int b) => a + b;")]
    // ATL0201 owns the throw, and its text goes with it.
    [InlineData("static void M() => throw new Exception(\"no\" + Environment.NewLine);")]
    [InlineData("struct S { public static string operator +(S a, S b) => null!; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static int M() => {|ATL0006:\"a\"|}.Length;")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("static ReadOnlySpan<byte> Text => \"a\"u8;")]
    [InlineData("[RuntimeImport(\"*\", \"f\"), MethodImpl(MethodImplOptions.InternalCall)] static extern void F();")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
