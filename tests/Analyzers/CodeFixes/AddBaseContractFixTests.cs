using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Contracts;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0012.</summary>
public sealed class AddBaseContractFixTests : CodeFixTests<KeepContractAnalyzer, AddBaseContractFix>
{
    [Fact]
    public Task AddsThePromises() => FixesAsync(
        """
        interface IClock
        {
            [InterruptSafe, StackBound(64)]
            ulong Now();

            [NoBlock]
            ulong Start { get; }

            [NoBlock]
            static abstract void Arm();
        }

        struct Tsc : IClock
        {
            /// <summary>Why.</summary>
            public ulong Now() => 1;

            public ulong Start => 1;

            [NoSimd]
            public static void Arm() { }
        }

        abstract class B
        {
            [NoPanic] public abstract void F();
            [NoPanic] public virtual int P { get => 1; set { } }
        }

        class D : B
        {
            public override void F() { }
            public override int P { get => 1; set { } }
        }
        """,
        """
        interface IClock
        {
            [InterruptSafe, StackBound(64)]
            ulong Now();

            [NoBlock]
            ulong Start { get; }

            [NoBlock]
            static abstract void Arm();
        }

        struct Tsc : IClock
        {
            /// <summary>Why.</summary>
            [InterruptSafe, StackBound(64)]
            public ulong Now() => 1;

            [NoBlock]
            public ulong Start => 1;

            [NoBlock]
            [NoSimd]
            public static void Arm() { }
        }

        abstract class B
        {
            [NoPanic] public abstract void F();
            [NoPanic] public virtual int P { get => 1; set { } }
        }

        class D : B
        {
            [NoPanic]
            public override void F() { }
            public override int P { [NoPanic] get => 1; [NoPanic] set { } }
        }
        """);

    // What the interface gets from a base class is promised there, for two interfaces at once.
    [Fact]
    public Task AddsThePromises_WhereTheImplementationIs() => FixesAsync(
        [
            ("Base.cs", "public class Base { public int F() => 1; }"),
            ("Test.cs", "interface I { [NoSimd] int F(); } interface J { [NoBlock] int F(); } class D : Base, I, J { } class E : Base, I, J { }"),
        ],
        [
            ("Base.cs", "public class Base { [NoSimd, NoBlock] public int F() => 1; }"),
            ("Test.cs", "interface I { [NoSimd] int F(); } interface J { [NoBlock] int F(); } class D : Base, I, J { } class E : Base, I, J { }"),
        ]);

    // Two bounds on one method would not compile: all at once, too, the second is left to a human.
    [Fact]
    public Task AddsOneBound() => FixesAsync(
        [
            ("Base.cs", "public class Base { public void F() { } }"),
            ("Test.cs", "interface I { [StackBound(64)] void F(); } interface J { [StackBound(32)] void F(); } class D : Base, I { } class E : Base, J { }"),
        ],
        [
            ("Base.cs", "public class Base { [StackBound(64)] public void F() { } }"),
            ("Test.cs", "interface I { [StackBound(64)] void F(); } interface J { [StackBound(32)] void F(); } class D : Base, I { } class E : Base, J { }"),
        ]);

    [Theory]
    // It waits.
    [InlineData("interface I { [NoBlock] void F(); } struct S : I { [Blocks] public void F() { } }")]
    // It says that it needs more.
    [InlineData("interface I { [StackBound(64)] void F(); } struct S : I { [StackBound(128)] public void F() { } }")]
    // Not in the solution.
    [InlineData("interface I { [NoBlock] string ToString(); } class C : I { }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
