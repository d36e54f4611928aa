using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Ownership;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0401.</summary>
public sealed class BorrowFixTests : CodeFixTests<NoCopyAnalyzer, BorrowFix>
{
    private const string Declarations =
        """
        [Linear]
        struct Cap
        {
            private int _raw;
            [Consumes] public void Close() => _raw = 0;
            public static void Drop(Cap cap) { }
            public readonly bool IsSet => _raw != 0;
            public void Touch() => _raw++;
        }

        [NonCopyable]
        struct Table
        {
            public Cap First;
            public Cap Second;
        }


        """;

    [Fact]
    public Task BorrowsWhatIsOnlyLookedAt() => FixesAsync(
        Declarations +
        """
        static class C
        {
            static void Look(in Cap cap) { }
            static bool IsSet(int n, Cap cap) => n > 0 && cap.IsSet;

            static bool Local(ref Table table)
            {
                // The first.
                Cap first = table.First;
                Look(in first);
                return first.IsSet;
            }

            static int Loop(Span<Cap> caps)
            {
                int count = 0;
                foreach (Cap cap in caps)
                {
                    count += cap.IsSet ? 1 : 0;
                }

                foreach (var cap in caps)
                {
                    Look(cap);
                }

                return count;
            }

            static bool Parameter(ref Table table) => IsSet(1, table.First) || IsSet(2, table.Second);
        }
        """,
        Declarations +
        """
        static class C
        {
            static void Look(in Cap cap) { }
            static bool IsSet(int n, in Cap cap) => n > 0 && cap.IsSet;

            static bool Local(ref Table table)
            {
                // The first.
                ref readonly Cap first = ref table.First;
                Look(in first);
                return first.IsSet;
            }

            static int Loop(Span<Cap> caps)
            {
                int count = 0;
                foreach (ref readonly Cap cap in caps)
                {
                    count += cap.IsSet ? 1 : 0;
                }

                foreach (ref readonly var cap in caps)
                {
                    Look(cap);
                }

                return count;
            }

            static bool Parameter(ref Table table) => IsSet(1, table.First) || IsSet(2, table.Second);
        }
        """);

    [Theory]
    // It is to come out.
    [InlineData("static Cap M(ref Table t) => t.First;")]
    [InlineData("static void M(ref Table t) { Cap c = t.First; Take(c); }")]
    [InlineData("static void M(ref Table t) => Take(t.First);")]
    [InlineData("static void M(ref Table t) => Cap.Drop(t.First);")]
    // Changed, or kept while the place changes.
    [InlineData("static void M(ref Table t) { Cap c = t.First; c.Touch(); }")]
    [InlineData("static bool M(ref Table t) { Cap c = t.First; t.First.Touch(); return c.IsSet; }")]
    [InlineData("static void M(ref Table t) => Change(t.First); static void Change(Cap c) => c.Touch();")]
    [InlineData("static void M(Span<Cap> s) { foreach (Cap c in s) { s[0].Touch(); } }")]
    [InlineData("static void M(Span<Cap> s) { foreach (Cap c in s) { c.Touch(); } }")]
    // Changed through another name.
    [InlineData("static bool M(ref Table t, ref Table u) { Cap c = t.First; u.First.Touch(); return c.IsSet; }")]
    [InlineData("static void Change(ref Table t) { } static bool M(ref Table t, ref Table u) { Cap c = t.First; Change(ref u); return c.IsSet; }")]
    [InlineData("static bool Look(Cap c, ref Table t) { t.First.Touch(); return c.IsSet; } static bool M(ref Table t) => Look(t.First, ref t);")]
    [InlineData("static void M(Span<Cap> s, ref Cap o) { foreach (Cap c in s) { o.Touch(); } }")]
    // Others can see it, or nothing to refer to.
    [InlineData("static void M(ref Table t) => Seen(t.First); internal static bool Seen(Cap c) => c.IsSet;")]
    [InlineData("static bool M(Cap c) => c is { IsSet: true };")]
    [InlineData("static void M(System.Collections.Generic.List<Cap> l) { foreach (Cap c in l) { } }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        Declarations + "static class C { static void Take(Cap c) => c.Close(); " + member + " }");
}
