using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Contracts;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0011.</summary>
public sealed class AddContractFixTests : CodeFixTests<MeetContractAnalyzer, AddContractFix>
{
    [Fact]
    public Task AddsThePromise() => FixesAsync(
        """
        static class C
        {
            /// <summary>Why.</summary>
            static int Next() => 1;

            [NoPanic]
            static int Count => 1;

            static int Both
            {
                get => 1;
                set { }
            }

            [InterruptSafe, NoBlock]
            static int M()
            {
                int Local() => Inner();
                return Next() + Next() + Count + Both + Local() + -new V(1);
            }

            [InterruptSafe, NoBlock] static int Inner() => 1;
        }

        readonly struct V
        {
            public V(int x) { }
            public static int operator -(V v) => 1;
        }
        """,
        """
        static class C
        {
            /// <summary>Why.</summary>
            [InterruptSafe, NoBlock]
            static int Next() => 1;

            [InterruptSafe, NoBlock]
            [NoPanic]
            static int Count => 1;

            static int Both
            {
                [InterruptSafe, NoBlock]
                get => 1;
                set { }
            }

            [InterruptSafe, NoBlock]
            static int M()
            {
                int Local() => Inner();
                return Next() + Next() + Count + Both + Local() + -new V(1);
            }

            [InterruptSafe, NoBlock] static int Inner() => 1;
        }

        readonly struct V
        {
            [InterruptSafe, NoBlock]
            public V(int x) { }
            [InterruptSafe, NoBlock]
            public static int operator -(V v) => 1;
        }
        """);

    [Fact]
    public Task AddsThePromise_InOtherFiles() => FixesAsync(
        [
            ("Clock.cs", "namespace Other;\n\npublic static class Clock\n{\n    public static int Now() => 1;\n}\n"),
            ("Core.cs", "static class Core { public static int Id() => 1; }\n"),
            ("Library/Port.cs", "public static class Port\n{\n    // Why.\n    public static int Read() => 1;\n}\n"),
            ("Test.cs", "static class C { [NoSimd] static int M() => Other.Clock.Now() + Core.Id() + Core.Id() + Port.Read(); }"),
        ],
        [
            ("Clock.cs", "namespace Other;\n\npublic static class Clock\n{\n    [NoSimd]\n    public static int Now() => 1;\n}\n"),
            ("Core.cs", "static class Core { [NoSimd] public static int Id() => 1; }\n"),
            ("Library/Port.cs", "public static class Port\n{\n    // Why.\n    [NoSimd]\n    public static int Read() => 1;\n}\n"),
            ("Test.cs", "static class C { [NoSimd] static int M() => Other.Clock.Now() + Core.Id() + Core.Id() + Port.Read(); }"),
        ]);

    // The name is as long as the file needs it.
    [Fact]
    public Task AddsThePromise_WhereTheNameIsNotInScope() => FixesAsync(
        [
            ("Other.cs", "namespace Other { class NoSimdAttribute : Attribute { } static class Clock { public static int Now() => 1; } }"),
            ("Test.cs", "static class C { [NoSimd] static int M() => Other.Clock.Now(); }"),
        ],
        [
            ("Other.cs", "namespace Other { class NoSimdAttribute : Attribute { } static class Clock { [Atoll.NoSimd] public static int Now() => 1; } }"),
            ("Test.cs", "static class C { [NoSimd] static int M() => Other.Clock.Now(); }"),
        ]);

    [Theory]
    // Nobody would check it.
    [InlineData("static class C { [NoBlock] static void M() => F(); [DllImport(\"x\")] static extern void F(); }")]
    [InlineData("static class C { [NoBlock] static void M() => F(); [Trusted(Safety = \"a\")] static void F() { } }")]
    [InlineData("static class C { [NoBlock] static int M() => Math.Abs(1); }")]
    // It waits.
    [InlineData("static class C { [NoBlock] static void M() => F(); [Blocks] static void F() { } }")]
    [InlineData("static class C { [InterruptSafe] static void M() => T.F(); } [Blocks] static class T { public static void F() { } }")]
    // How much stack it needs, the linker knows.
    [InlineData("static class C { [StackBound(64)] static void M() => F(); static void F() { } }")]
    [InlineData("static class C { [NoSimd, StackBound(64)] static void M() => F(); [NoSimd] static void F() { } }")]
    // On the type, it would be a promise of all members.
    [InlineData("struct S(int x) { public int X => x; } static class C { [NoSimd] static S M() => new S(1); }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
