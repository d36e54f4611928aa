using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Progress;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0105.</summary>
public sealed class UseGuardFixTests : CodeFixTests<GuardInUsingAnalyzer, UseGuardFix>
{
    [Fact]
    public Task AddsUsing() => FixesAsync(
        """
        [Guard]
        ref struct G
        {
            public static G Enter() => default;
            public void Dispose() { }
        }

        static class C
        {
            static void M()
            {
                // Why.
                G first = G.Enter();
                var second = new G();
            }
        }
        """,
        """
        [Guard]
        ref struct G
        {
            public static G Enter() => default;
            public void Dispose() { }
        }

        static class C
        {
            static void M()
            {
                // Why.
                using G first = G.Enter();
                using var second = new G();
            }
        }
        """);

    [Theory]
    // Ended by hand already.
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static class C { static void M() { G g = new(); g.Dispose(); } }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static class C { static void M() { G g = new(), h = new(); } }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static class C { static void F(G g) { } static void M() => F(new G()); }")]
    [InlineData("[Guard] ref struct G { public void Dispose() { } } static class C { static void M() { G g = new(); g = new(); } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
