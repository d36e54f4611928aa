using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Ownership;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0408.</summary>
public sealed class DeclareOwnedFixTests : CodeFixTests<OwnedDeclarationAnalyzer, DeclareOwnedFix>
{
    [Fact]
    public Task TakesAwayWhatCopiesOrForges() => FixesAsync(
        """
        [NonCopyable]
        public record struct Entry
        {
            public int X;
        }

        [NonCopyable]
        struct Window
        {
            public ulong Base;

            // Nobody asks.
            public readonly bool Equals(in Window other) => Base == other.Base;

            public static bool operator ==(in Window a, in Window b) => a.Base == b.Base;
            public static bool operator !=(in Window a, in Window b) => a.Base != b.Base;

            public readonly int Size => 1;
        }

        [Linear]
        struct Frame
        {
            public const int Size = 4096;

            // Physical.
            public ulong Base, Owner;
            internal readonly int Node;
            private int _kept;

            public void Dispose() => Base = 0;

            [Consumes]
            public static void Drop(Frame frame) { }

            [Consumes, MustUse]
            public static int End(Frame frame) => 0;
        }
        """,
        """
        [NonCopyable]
        public struct Entry
        {
            public int X;
        }

        [NonCopyable]
        struct Window
        {
            public ulong Base;

            public readonly int Size => 1;
        }

        [Linear]
        struct Frame
        {
            public const int Size = 4096;

            // Physical.
            private ulong Base, Owner;
            private readonly int Node;
            private int _kept;

            [Consumes]
            public void Dispose() => Base = 0;

            public static void Drop(Frame frame) { }

            [MustUse]
            public static int End(Frame frame) => 0;
        }
        """);

    [Theory]
    // Only its author knows what ends it, or how it is made without the record.
    [InlineData("[Linear] struct S { int _x; }")]
    [InlineData("[NonCopyable] record struct R(int X);")]
    [InlineData("struct S { [Consumes] public void End() { } }")]
    // In use.
    [InlineData("[Linear] struct S { public int X; [Consumes] public void End() { } } static class C { static int M(in S s) => s.X; }")]
    [InlineData("[NonCopyable] struct S { public bool Equals(in S s) => true; } static class C { static bool M(ref S s) => s.Equals(in s); }")]
    [InlineData("[NonCopyable] struct S : System.IEquatable<S> { public bool Equals(S s) => true; }")]
    [InlineData("[Linear] partial struct S { public int X; [Consumes] public void End() { } } partial struct S { public int Y; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);

    [Fact]
    public Task IsNotOffered_WhenAnotherFileUsesIt() => IsNotOfferedAsync(
        [
            ("S.cs", "[Linear] struct S { public int X; [Consumes] public void End() { } }"),
            ("User.cs", "static class User { static int M(in S s) => s.X; }"),
        ]);
}
