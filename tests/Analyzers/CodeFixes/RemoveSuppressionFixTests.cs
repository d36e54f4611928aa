using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Trust;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL1003.</summary>
public sealed class RemoveSuppressionFixTests : CodeFixTests<NoSuppressionAnalyzer, RemoveSuppressionFix>
{
    [Fact]
    public Task RemovesPragmas_AndKeepsOtherCodes() => FixesAsync(
        """
        #pragma warning disable
        static class C
        {
            #pragma warning disable CS0168, ATL0001, ATL0002 // unused
            static void M()
            {
            #pragma warning disable ATL0003, ATL0004
                int x;
            }
        #pragma warning restore CS0168, ATL0001
        }
        """,
        """
        static class C
        {
            #pragma warning disable CS0168 // unused
            static void M()
            {
                int x;
            }
        #pragma warning restore CS0168
        }
        """);

    [Fact]
    public Task RemovesAttributes() => FixesAsync(
        """
        using System.Diagnostics.CodeAnalysis;

        /// <summary>C.</summary>
        [SuppressMessage("a", "ATL0001")]
        static class C
        {
            [Obsolete, SuppressMessage("a", "ATL0001")]
            static void M() { }

            [SuppressMessage("a", "ATL0001")] static void N() { }
        }
        """,
        """
        using System.Diagnostics.CodeAnalysis;

        /// <summary>C.</summary>
        static class C
        {
            [Obsolete]
            static void M() { }

            static void N() { }
        }
        """);

    [Fact]
    public Task IsNotOffered_ForTheDeclaration() => IsNotOfferedAsync(
        "namespace System.Diagnostics.CodeAnalysis { sealed class SuppressMessageAttribute : Attribute; }");
}
