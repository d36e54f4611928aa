using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0003.</summary>
public sealed class NoBoxingTests : RuleTests<NoBoxingAnalyzer>
{
    [Theory]
    [InlineData("static object M(int x) => {|ATL0003:x|};")]
    [InlineData("static object M(int x) => {|ATL0003:(object)x|};")]
    [InlineData("static ValueType M(int x) => {|ATL0003:x|};")]
    [InlineData("static Enum M() => {|ATL0003:DayOfWeek.Friday|};")]
    [InlineData("struct S : IDisposable { public void Dispose() { } } static IDisposable M(S s) => {|ATL0003:s|};")]
    [InlineData("static object? M(int? x) => {|ATL0003:x|};")]
    [InlineData("static object? M<T>(T x) => {|ATL0003:x|};")]
    [InlineData("static dynamic M(int x) => {|ATL0003:x|};")]
    [InlineData("static int M(object o) => {|ATL0003:(int)o|};")]
    [InlineData("static bool M(object o) => {|ATL0003:o is int|};")]
    [InlineData("static int M(object o) => o is {|ATL0003:int i|} ? i : 0;")]
    [InlineData("static int M(object o) => o switch { {|ATL0003:int|} => 1, _ => 2 };")]
    [InlineData("struct S; static string? M(S s) => {|ATL0003:s.ToString()|};")]
    [InlineData("struct S; static int M(S s) => {|ATL0003:s.GetHashCode()|};")]
    [InlineData("static Type M(int x) => {|ATL0003:x.GetType()|};")]
    [InlineData("struct S { public override int GetHashCode() => {|ATL0003:base.GetHashCode()|}; }")]
    [InlineData("interface I { int N() => 1; } static int M<T>(T t) where T : struct, I => {|ATL0003:t.N()|};")]
    [InlineData("interface I { int N => 1; } static int M<T>(T t) where T : struct, I => {|ATL0003:t.N|};")]
    [InlineData("static string? M<T>(T t) where T : struct => {|ATL0003:t.ToString()|};")]
    [InlineData("static bool M(DayOfWeek d) => {|ATL0003:d.HasFlag({|ATL0003:DayOfWeek.Friday|})|};")]
    [InlineData("static bool M<T>(T t) => {|ATL0003:t is int|};")]
    [InlineData("static bool M<T>(T v, object o) => {|ATL0003:(object)v|} == o;")]
    [InlineData("static bool M<T>(T v) => v is {|ATL0003:object o|} && o != null;")]
    [InlineData("static object M<T>(T v) => {|ATL0003:(object)v|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static long M(int x) => x;")]
    [InlineData("static int M(DayOfWeek d) => (int)d;")]
    [InlineData("struct S { public override string ToString() => \"\"; } static string M(S s) => s.ToString();")]
    [InlineData("static string M(int x) => x.ToString();")]
    [InlineData("interface I { int N(); } struct S : I { public int N() => 1; } static int M<T>(T t) where T : struct, I => t.N();")]
    [InlineData("interface I { static abstract int N(); } static int M<T>() where T : I => T.N();")]
    [InlineData("interface I { static virtual int N() => 1; } static int M<T>() where T : I => T.N();")]
    // csc calls ToString; what is wrong here is the string (HAA0202 reports boxing).
    [InlineData("static string M(int x) => \"n=\" + x;")]
    [InlineData("static string M(int x) => $\"n={x}\";")]
    [InlineData("static object M(string s) => s;")]
    [InlineData("static T M<T>(T x) where T : class => x;")]
    [InlineData("static int? M(int x) => x;")]
    [InlineData("struct S { public static implicit operator string(S s) => \"\"; } static string M(S s) => s;")]
    [InlineData("struct S : IDisposable { public void Dispose() { } } static void M(S s) { using (s) { } }")]
    [InlineData("static bool M(int x) => x is 3;")]
    [InlineData("static bool M(int? x) => x is int;")]
    [InlineData("[System.ComponentModel.DefaultValue((object)3)] static int P => 3;")]
    [InlineData("sealed class NameAttribute(object value) : Attribute { public object Value => value; } [Name(3)] static void M() { }")]
    [InlineData("static bool M<T>(T v) => v == null;")]
    [InlineData("static bool M<T>(T v) => null != v;")]
    [InlineData("static bool M<T>(T v) => (object)v == null;")]
    [InlineData("static bool M<T>(T v) => (object)v is not null;")]
    [InlineData("static bool M<T>(T v) => v is object;")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static object M(int x) => {|ATL0003:x|};")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("struct S { public int X; } static int M(S s) => s.X;")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);
}
