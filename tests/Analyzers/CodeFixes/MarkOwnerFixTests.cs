using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Ownership;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0402.</summary>
public sealed class MarkOwnerFixTests : CodeFixTests<NoCopyableStorageAnalyzer, MarkOwnerFix>
{
    [Fact]
    public Task MarksUpToTheOutermost() => FixesAsync(
        """
        [Linear] struct Cap { int _raw; }

        /// <summary>Two of them.</summary>
        struct Pair
        {
            private Cap _first;
            private Cap _second;
        }

        static class C
        {
            struct Row { Cap _only; }
        }
        """,
        """
        [Linear] struct Cap { int _raw; }

        /// <summary>Two of them.</summary>
        [NonCopyable]
        struct Pair
        {
            private Cap _first;
            private Cap _second;
        }

        static class C
        {
            [NonCopyable]
            struct Row { Cap _only; }
        }
        """);

    [Fact]
    public Task NamesTheAttributeInFull_WhereItIsHidden() => FixesAsync(
        """
        namespace Other
        {
            class NonCopyableAttribute : System.Attribute;
            [Linear] struct Cap { int _raw; }
            struct Holder { Cap _cap; }
        }
        """,
        """
        namespace Other
        {
            class NonCopyableAttribute : System.Attribute;
            [Linear] struct Cap { int _raw; }
            [Atoll.NonCopyable]
            struct Holder { Cap _cap; }
        }
        """);

    [Theory]
    [InlineData("class S { Cap _c; }")]
    [InlineData("record struct S { Cap _c; }")]
    [InlineData("struct S { static Cap s_c; }")]
    [InlineData("struct S { Cap[] _c; }")]
    [InlineData("[NonCopyable] struct S { public Cap C { get; set; } }")]
    [InlineData("static class S { static void M(Cap c) { object o = c; } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync("[Linear] struct Cap { int _raw; } " + text);
}
