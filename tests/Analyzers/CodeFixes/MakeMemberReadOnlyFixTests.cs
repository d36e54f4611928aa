using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Ownership;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0406.</summary>
public sealed class MakeMemberReadOnlyFixTests : CodeFixTests<NoDefensiveCopyAnalyzer, MakeMemberReadOnlyFix>
{
    [Fact]
    public Task AddsReadOnly_WhereNothingIsWritten() => FixesAsync(
        """
        [NonCopyable]
        struct Table
        {
            private int _count;

            // How many.
            public int Count() => _count;
            int Twice() { int n = _count; n += n; return n; }
            [MustUse]
            bool IsFull() => Count() == 9;
            public int Size => _count;
            int Next { get { return _count + 1; } }
            public int Limit
            {
                // Asked often.
                get { return _count; }
                set { _count = value; }
            }

            public int this[int index] => _count + index;

            static int M(in Table t) => t.Count() + t.Twice() + t.Size + t.Next + t.Limit + t[1] + t.Count();
        }
        """,
        """
        [NonCopyable]
        struct Table
        {
            private int _count;

            // How many.
            public readonly int Count() => _count;
            readonly int Twice() { int n = _count; n += n; return n; }
            [MustUse]
            bool IsFull() => Count() == 9;
            public readonly int Size => _count;
            readonly int Next { get { return _count + 1; } }
            public int Limit
            {
                // Asked often.
                readonly get { return _count; }
                set { _count = value; }
            }

            public readonly int this[int index] => _count + index;

            static int M(in Table t) => t.Count() + t.Twice() + t.Size + t.Next + t.Limit + t[1] + t.Count();
        }
        """);

    [Fact]
    public Task FindsTheMemberInItsFile() => FixesAsync(
        [
            ("Table.cs", "[NonCopyable] struct Table { int _count; public int Count() => _count; }"),
            ("User.cs", "static class User { static int M(in Table t) => t.Count(); }"),
        ],
        [
            ("Table.cs", "[NonCopyable] struct Table { int _count; public readonly int Count() => _count; }"),
            ("User.cs", "static class User { static int M(in Table t) => t.Count(); }"),
        ]);

    [Theory]
    [InlineData("public void F() => _n++;")]
    [InlineData("public void F() => _n = 1;")]
    [InlineData("public void F() => this = default;")]
    [InlineData("public void F() => Set(ref _n);")]
    // What it calls may change the value.
    [InlineData("public void F() => G(); void G() => _n++;")]
    [InlineData("public void F() => _inner.Step();")]
    [InlineData("public int F() { return _inner.Next; }")]
    [InlineData("public ref int F() { return ref System.Runtime.CompilerServices.Unsafe.AsRef(in _n); }")]
    [InlineData("public unsafe void F() { fixed (int* p = &_n) { *p = 1; } }")]
    [InlineData("[Consumes] public void F() { }")]
    public Task IsNotOffered(string members) => IsNotOfferedAsync(
        "struct Inner { int _m; public void Step() => _m++; public int Next => ++_m; } [NonCopyable] struct S { int _n; Inner _inner; static void Set(ref int n) => n = 1; "
        + members + " } static class C { static void M(in S s) { s.F(); } }");

    [Fact]
    public Task IsNotOffered_ForAnInterface() => IsNotOfferedAsync(
        "interface I { void F(); } static class C { static void M<[AllowLinear] T>(in T t) where T : struct, I => t.F(); }");
}
