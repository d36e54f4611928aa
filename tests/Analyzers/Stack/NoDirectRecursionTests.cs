using Atoll.Analyzers.Stack;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Stack;

/// <summary>ATL0301.</summary>
public sealed class NoDirectRecursionTests : RuleTests<NoDirectRecursionAnalyzer>
{
    [Theory]
    [InlineData("static int M(int n) => n == 0 ? 1 : n * {|ATL0301:M(n - 1)|};")]
    [InlineData("static int M<T>(int n) => n == 0 ? 1 : {|ATL0301:M<T[]>(n - 1)|};")]
    [InlineData("static int P => {|ATL0301:P|};")]
    [InlineData("static int P { get => 1; set => {|ATL0301:P|} = value; }")]
    [InlineData("struct S { public int this[int i] => i == 0 ? 0 : {|ATL0301:this[i - 1]|}; }")]
    [InlineData("struct S { public static S operator +(S a, S b) => {|ATL0301:a + b|}; }")]
    [InlineData("struct S { public static implicit operator int(S s) => {|ATL0301:s|}; }")]
    [InlineData("class D { D? _d; public D(int n) { if (n > 0) { _d = {|ATL0301:new D(n - 1)|}; } } }")]
    // Its initialisers are part of every constructor.
    [InlineData("class D { D _d = {|ATL0301:new D()|}; }")]
    [InlineData("static void M() { void F() => {|ATL0301:F()|}; F(); }")]
    [InlineData("static void M(this int x) => {|ATL0301:x.M()|};")]
    [InlineData("class D { public virtual void F() => {|ATL0301:F()|}; }")]
    // One that ends is still without bound for the linker.
    [InlineData("static ulong Gcd(ulong a, ulong b) => b == 0 ? a : {|ATL0301:Gcd(b, a % b)|};")]
    [InlineData("[Intrinsic] static int M(int n) => {|ATL0301:M(n)|}; } namespace System.Runtime.CompilerServices { sealed class IntrinsicAttribute : Attribute;")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(int n) { int r = 1; for (; n > 0; n--) { r *= n; } return r; }")]
    [InlineData("static int M(int n) => M((long)n); static int M(long n) => 1;")]
    [InlineData("class A { public virtual void F() { } } class B : A { public override void F() => base.F(); }")]
    [InlineData("static int P { get => 1; set => _ = P; }")]
    [InlineData("static void M() { _ = nameof(M); }")]
    [InlineData("static int M(int n) { int F(int m) => m; return F(n); }")]
    [InlineData("interface I { void F(); } struct Outer<T> : I where T : struct, I { T _inner; public void F() => _inner.F(); }")]
    [InlineData("class D { public D() : this(1) { } public D(int n) { } }")]
    // ATL0302 counts it.
    [InlineData("static delegate*<void> s_self; static void M() => s_self = &M;")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Fact]
    public Task IsSilentAboutIntrinsicOfCoreLibrary() => IsSilentFileAsync(
        """
        namespace Atoll { class KernelProfileAttribute : System.Attribute; }
        namespace System
        {
            public class Object; public class String; public abstract class ValueType; public struct Int32; public struct Void;
            public abstract class Attribute; public struct Boolean; public abstract class Enum; public enum AttributeTargets;
        }
        namespace System.Runtime { }
        namespace System.Runtime.InteropServices { }
        namespace System.Threading { }
        namespace System.Runtime.CompilerServices
        {
            class IntrinsicAttribute : Attribute;
            static class Log { [Intrinsic] public static int Two(int x) => Two(x); [Intrinsic] public static int Ten => Ten; }
        }
        """,
        TestPlatform.Bare);
}
