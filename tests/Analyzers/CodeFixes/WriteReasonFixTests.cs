using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Trust;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL1001.</summary>
public sealed class WriteReasonFixTests : CodeFixTests<TrustedGivesReasonAnalyzer, WriteReasonFix>
{
    // The empty place is reported as before: see the last rows below.
    [Fact]
    public Task MakesThePlace() => FixesAsync(
        """
        static class C
        {
            [Trusted]
            static void F() { }

            [Trusted(), InterruptSafe]
            static void G() { }
        }
        """,
        """
        static class C
        {
            [Trusted(Safety = "")]
            static void F() { }

            [Trusted(Safety = ""), InterruptSafe]
            static void G() { }
        }
        """);

    [Theory]
    [InlineData("static class C { [Trusted(Safety = \"\")] static void F() { } }")]
    [InlineData("static class C { [Trusted(Safety = \" \")] static void F() { } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
