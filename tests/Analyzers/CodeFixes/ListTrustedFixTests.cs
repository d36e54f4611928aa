using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Trust;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL1002.</summary>
public sealed class ListTrustedFixTests : CodeFixTests<TrustedIsListedAnalyzer, ListTrustedFix>
{
    private const string Source =
        """
        static class C
        {
            [Trusted(Safety = "b")]
            static void B() { }

            [Trusted(Safety = "a")]
            static void A() { }

            [Trusted(Safety = "c")]
            static void D() { }
        }
        """;

    private const string Complete = "# Reviewed.\nAtoll.Test C.A(): \"a\"\nAtoll.Test C.B(): \"b\"\nAtoll.Test C.D(): \"c\"\nAtoll.Zoo Z: \"z\"\n";

    [Theory]
    [InlineData("# Reviewed.\nAtoll.Zoo Z: \"z\"\n")]
    [InlineData("# Reviewed.\nAtoll.Test C.B(): \"b\"\nAtoll.Zoo Z: \"z\"\n")]
    [InlineData("# Reviewed.\nAtoll.Test C.A(): \"a\"\nAtoll.Zoo Z: \"z\"\n")]
    public Task AddsTheLinesInOrder(string list) => FixesAsync(
        [("Test.cs", Source), ("Trusted.txt", list)], [("Test.cs", Source), ("Trusted.txt", Complete)]);

    [Fact]
    public Task AddsALineToAnEmptyList() => FixesAsync(
        [("Test.cs", "[Trusted(Safety = \"a\")] struct S;"), ("Trusted.txt", "")],
        [("Test.cs", "[Trusted(Safety = \"a\")] struct S;"), ("Trusted.txt", "Atoll.Test S: \"a\"\n")]);

    [Theory]
    [InlineData("[Trusted] struct S;")]
    [InlineData("[Trusted(Safety = \" \")] struct S;")]
    public Task WithoutAReason_IsNotOffered(string text) => IsNotOfferedAsync([("Test.cs", text), ("Trusted.txt", "")]);
}
