using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Exceptions;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0203.</summary>
public sealed class UsingForFinallyFixTests : CodeFixTests<NoFinallyAnalyzer, UsingForFinallyFix>
{
    [Fact]
    public Task BecomesUsing() => FixesAsync(
        """
        struct S : System.IDisposable
        {
            public void Dispose() { }
        }

        static class C
        {
            static int M(int a)
            {
                a++;

                // Why.
                S s = new();
                try
                {
                    a += 2;
                    return a;
                }
                finally
                {
                    s.Dispose();
                }
            }

            static int N(System.IO.MemoryStream stream)
            {
                System.IO.MemoryStream other = stream;
                try
                {
                    return (int)other.Length;
                }
                finally
                {
                    other.Dispose();
                }
            }
        }
        """,
        """
        struct S : System.IDisposable
        {
            public void Dispose() { }
        }

        static class C
        {
            static int M(int a)
            {
                a++;

                // Why.
                using S s = new();
                a += 2;
                return a;
            }

            static int N(System.IO.MemoryStream stream)
            {
                using System.IO.MemoryStream other = stream;
                return (int)other.Length;
            }
        }
        """);

    [Theory]
    [InlineData("static class C { static int M(int a) { try { return a; } finally { a++; } } }")]
    [InlineData("struct S : System.IDisposable { public int X; public void Dispose() { } } static class C { static void M() { S s = new(); try { s.X = 1; } finally { s.Dispose(); } } }")]
    [InlineData("struct S : System.IDisposable { public void F() { } public void Dispose() { } } static class C { static void M() { S s = new(); try { s.F(); } finally { s.Dispose(); } } }")]
    [InlineData("struct S : System.IDisposable { public void Dispose() { } } static class C { static int M(int a) { S s = new(); try { a++; } finally { s.Dispose(); } return a; } }")]
    [InlineData("struct S : System.IDisposable { public void Dispose() { } } static class C { static void M(S s) { int a = 1; try { a++; } finally { s.Dispose(); } } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
