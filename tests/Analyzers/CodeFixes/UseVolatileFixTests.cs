using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.State;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0607.</summary>
public sealed class UseVolatileFixTests : CodeFixTests<SharedFieldAccessAnalyzer, UseVolatileFix>
{
    [Fact]
    public Task LoadsAndStores() => FixesAsync(
        """
        [Shared]
        struct Board
        {
            public ulong Life;
            public uint Count;
        }

        static unsafe class C
        {
            static bool IsAlive(in Board board) => board.Life != 0;
            static void Stop(Board* board)
            {
                // Last.
                board->Life = 0;
            }

            static void Count(Board* board) => Volatile.Write(ref board->Count, board->Count + 1);
        }
        """,
        """
        [Shared]
        struct Board
        {
            public ulong Life;
            public uint Count;
        }

        static unsafe class C
        {
            static bool IsAlive(in Board board) => Volatile.Read(in board.Life) != 0;
            static void Stop(Board* board)
            {
                // Last.
                Volatile.Write(ref board->Life, 0);
            }

            static void Count(Board* board) => Volatile.Write(ref board->Count, Volatile.Read(in board->Count) + 1);
        }
        """);

    [Fact]
    public Task NamesTheClassInFull_WhereAnotherHidesIt() => FixesAsync(
        """
        [Shared] struct Board { public ulong Life; }
        static unsafe class C
        {
            static class Volatile;
            static ulong M(Board* board) => board->Life;
        }
        """,
        """
        [Shared] struct Board { public ulong Life; }
        static unsafe class C
        {
            static class Volatile;
            static ulong M(Board* board) => System.Threading.Volatile.Read(in board->Life);
        }
        """);

    [Theory]
    [InlineData("static void M(Board* b) { b->Life++; }")]
    [InlineData("static void M(Board* b) { b->Life |= 1; }")]
    [InlineData("static ulong M(Board* b) => b->Life = 1;")]
    [InlineData("static decimal M(Board* b) => b->Price;")]
    [InlineData("static Board M(Board* b) => *b;")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        "[Shared] struct Board { public ulong Life; public decimal Price; } static unsafe class C { " + member + " }");
}
