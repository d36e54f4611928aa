using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Contracts;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0902.</summary>
public sealed class HandlerShapeFixTests : CodeFixTests<InterruptHandlerShapeAnalyzer, HandlerShapeFix>
{
    [Fact]
    public Task GivesTheShape() => FixesAsync(
        """
        unsafe struct Handlers
        {
            // Why.
            [InterruptHandler]
            private void Both(ulong* frame) => *frame = 1;

            [InterruptHandler, InterruptSafe]
            void OnlyStatic(ulong* frame) { }

            [InterruptHandler]
            public static void OnlySafe(ulong* frame) { }

            [InterruptHandler] unsafe void Short() { }

            void Run() => Short();
        }
        """,
        """
        unsafe struct Handlers
        {
            // Why.
            [InterruptSafe]
            [InterruptHandler]
            private static void Both(ulong* frame) => *frame = 1;

            [InterruptHandler, InterruptSafe]
            static void OnlyStatic(ulong* frame) { }

            [InterruptSafe]
            [InterruptHandler]
            public static void OnlySafe(ulong* frame) { }

            [InterruptSafe]
            [InterruptHandler] static unsafe void Short() { }

            void Run() => Short();
        }
        """);

    // The parameter is left to a human.
    [Fact]
    public Task GivesTheShape_AsFarAsIsSure() => FixesAsync(
        "struct F { long _x; } static class C { [InterruptHandler] static void M(F f) { } }",
        "struct F { long _x; } static class C { [InterruptSafe][InterruptHandler] static void M(F f) { } }");

    [Theory]
    // Uses the instance, is called on one, or others may.
    [InlineData("struct S { int _x; [InterruptHandler, InterruptSafe] void M() => _x++; }")]
    [InlineData("struct S { [InterruptHandler, InterruptSafe] void M() { } void N() => this.M(); }")]
    [InlineData("struct S { [InterruptHandler, InterruptSafe] public void M() { } }")]
    [InlineData("partial struct S { [InterruptHandler, InterruptSafe] void M() { } }")]
    [InlineData("static class C { [InterruptHandler, InterruptSafe] static int M() => 1; }")]
    [InlineData("static class C { [InterruptHandler, InterruptSafe] static void M<T>() { } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
