using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Memory;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0006.</summary>
public sealed class Utf8LiteralFixTests : CodeFixTests<NoManagedStringAnalyzer, Utf8LiteralFix>
{
    [Fact]
    public Task AddsSuffix_WhereBytesAreAccepted() => FixesAsync(
        """"
        static class C
        {
            static void Write(ReadOnlySpan<byte> text, int line = 0) { }
            static void Write(string text, int line = 0) { }
            static void M()
            {
                Write("a");
                Write(line: 2, text: @"b\");
                Write("""c""", "abc".Length);
            }
        }
        """",
        """"
        static class C
        {
            static void Write(ReadOnlySpan<byte> text, int line = 0) { }
            static void Write(string text, int line = 0) { }
            static void M()
            {
                Write("a"u8);
                Write(line: 2, text: @"b\"u8);
                Write("""c"""u8, "abc"u8.Length);
            }
        }
        """");

    [Theory]
    [InlineData("static class C { static void F(string s) { } static void M() => F(\"a\"); }")]
    [InlineData("static class C { static string M() => \"a\"; }")]
    // Two UTF-16 units, four bytes.
    [InlineData("static class C { static int M() => \"éé\".Length; }")]
    [InlineData("static class C { static string M(int n) => $\"{n}\"; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
