using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.State;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0606.</summary>
public sealed class ReadBootWrittenFixTests : CodeFixTests<ReadBootWrittenAnalyzer, ReadBootWrittenFix>
{
    [Fact]
    public Task ReadsByReference() => FixesAsync(
        """
        static class C
        {
            [BootWritten] static ulong s_image;

            static ulong Image() => s_image + /* once more */ C.s_image;
        }
        """,
        """
        static class C
        {
            [BootWritten] static ulong s_image;

            static ulong Image() => Volatile.Read(in s_image) + /* once more */ Volatile.Read(in C.s_image);
        }
        """);

    [Theory]
    [InlineData("static class C { [BootWritten] static ulong s_image; static void M() => s_image = 1; }")]
    [InlineData("static class C { [BootWritten] static ulong s_image; static void M() => s_image++; }")]
    [InlineData("static class C { [BootWritten] static decimal s_image; static decimal M() => s_image; }")]
    [InlineData("static class C { [BootWritten] static readonly ulong s_image; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
