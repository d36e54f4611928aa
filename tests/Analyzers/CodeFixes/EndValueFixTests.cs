using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Ownership;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0404.</summary>
public sealed class EndValueFixTests : CodeFixTests<ConsumeOnEveryPathAnalyzer, EndValueFix>
{
    private const string Declarations =
        """
        [Linear]
        struct Cap
        {
            private int _raw;
            public static Cap Make() => new Cap { _raw = 1 };
            [Consumes] public void Close() => _raw = 0;
            public readonly bool IsSet => _raw != 0;
            public void Touch() => _raw++;
        }

        [Linear]
        ref struct Guard
        {
            private int _raw;
            public static Guard Take() => new Guard();
            [Consumes] public void Dispose() => _raw = 0;
            public readonly void Look() { }
            public void Step() => _raw++;
        }

        [Linear]
        struct Ticket
        {
            private int _raw;
            public static Ticket Make() => new Ticket { _raw = 1 };
            public static void Drop(Ticket ticket) { }
        }


        """;

    [Fact]
    public Task EndsItAfterTheLastUse() => FixesAsync(
        Declarations +
        """
        static class C
        {
            static bool Ask() => true;
            static void Look(in Cap cap) { }

            static void AtTheEnd(Cap cap)
            {
                cap.Touch();
                while (Ask())
                {
                    Cap other = Cap.Make();
                    Look(in other);
                }
            }

            static int BeforeReturn(int n)
            {
                Ticket ticket = Ticket.Make();
                return n;
            }

            static void Scoped()
            {
                // For the whole block.
                Guard guard = Guard.Take();
                guard.Look();
                Guard stepping = Guard.Take();
                stepping.Step();
            }

            static void Dropped()
            {
                Cap.Make(); // At once.
                _ = Ticket.Make();
            }
        }
        """,
        Declarations +
        """
        static class C
        {
            static bool Ask() => true;
            static void Look(in Cap cap) { }

            static void AtTheEnd(Cap cap)
            {
                cap.Touch();
                while (Ask())
                {
                    Cap other = Cap.Make();
                    Look(in other);
                    other.Close();
                }
                cap.Close();
            }

            static int BeforeReturn(int n)
            {
                Ticket ticket = Ticket.Make();
                Ticket.Drop(ticket);
                return n;
            }

            static void Scoped()
            {
                // For the whole block.
                using Guard guard = Guard.Take();
                guard.Look();
                Guard stepping = Guard.Take();
                stepping.Step();
                stepping.Dispose();
            }

            static void Dropped()
            {
                Cap.Make().Close(); // At once.
                Ticket.Drop(Ticket.Make());
            }
        }
        """);

    [Theory]
    // Some path has handed it on.
    [InlineData("static void M(Cap c, bool b) { if (b) { c.Close(); } }")]
    [InlineData("static void M(Cap c, bool b) { if (b) { return; } c.Touch(); }")]
    [InlineData("static bool M() { Cap c = Cap.Make(); return c.IsSet; }")]
    [InlineData("static bool M() { Cap c = Cap.Make(); return Ask(); }")]
    [InlineData("static void M(bool b) { while (b) { Cap c = Cap.Make(); if (Ask()) { break; } } }")]
    [InlineData("static void M() { Cap c = Cap.Make(); c = Cap.Make(); c.Close(); }")]
    [InlineData("static bool M() => Cap.Make().IsSet;")]
    [InlineData("static void M(Cap c) => c.Touch();")]
    // Two ways to end it, or one that answers, or none to be called from here.
    [InlineData("[Linear] struct Two { int _x; public static Two Make() => new Two(); [Consumes] public void A() { } [Consumes] public void B() { } } static void M() { Two t = Two.Make(); }")]
    [InlineData("[Linear] struct Asks { int _x; public static Asks Make() => new Asks(); [Consumes] public int A() => 1; } static void M() { Asks t = Asks.Make(); }")]
    [InlineData("[Linear] struct Hides { int _x; public static Hides Make() => new Hides(); [Consumes] private void A() { } } static void M() { Hides t = Hides.Make(); }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        Declarations + "static class C { static bool Ask() => true; " + member + " }");
}
