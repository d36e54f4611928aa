using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.CodeFixes;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0701.</summary>
public sealed class AskForReasonFixTests : CodeFixTests<PointerInTrustedOnlyAnalyzer, AskForReasonFix>
{
    [Fact]
    public Task AsksOnceForEachMember() => FixesAsync(
        """
        static unsafe class C
        {
            // Why.
            static int M(int* p) => *p + p[1];

            static int P
            {
                get
                {
                    int x = 1;
                    return *&x;
                }
            }
        }
        """,
        """
        static unsafe class C
        {
            // Why.
            [Trusted(Safety = "")]
            static int M(int* p) => *p + p[1];

            [Trusted(Safety = "")]
            static int P
            {
                get
                {
                    int x = 1;
                    return *&x;
                }
            }
        }
        """);

    [Theory]
    // Asked already; a field has no code.
    [InlineData("static unsafe class C { [Trusted(Safety = \"\")] static int M(int* p) => *p; }")]
    [InlineData("static unsafe class C { static nint Address => 4; static readonly int* s_x = (int*)Address; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
