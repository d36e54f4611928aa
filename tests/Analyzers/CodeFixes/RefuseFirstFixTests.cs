using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0506.</summary>
public sealed class RefuseFirstFixTests : CodeFixTests<ValidateWireValueAnalyzer, RefuseFirstFix>
{
    private const string Declarations =
        """
        enum Kind : byte { None, Data, Alias = Data }

        [Message]
        struct Note
        {
            public uint Index;
            public ulong Far;
            public sbyte Near;
            public long Long;
            public Kind Kind;
        }

        [System.Runtime.CompilerServices.InlineArray(7)]
        struct Words { private ulong _word; }


        """;

    [Fact]
    public Task RefusesWhatIsNoIndex_AndNoMember() => FixesAsync(
        Declarations +
        """
        static class C
        {
            static bool TryPick(in Note note, ref Words words, Span<int> span, out ulong word)
            {
                word = 0;

                // The peer's choice.
                word = words[(int)note.Index];
                int far = span[(int)note.Far];
                return span[note.Near] == far;
            }

            static bool TryCount(in Note note, int[] counts)
            {
                int local = (int)note.Index;
                switch (note.Kind)
                {
                    case Kind.None:
                        break;
                    case Kind.Data:
                        counts[local]++;
                        break;
                }

                return true;
            }

            static bool TryLong(in Note note, int[] counts)
            {
                counts[note.Long] = 1;
                return true;
            }

            static bool TryCut(in Note note, Span<int> span)
            {
                span[(int)note.Long] = 2;
                return true;
            }
        }
        """,
        Declarations +
        """
        static class C
        {
            static bool TryPick(in Note note, ref Words words, Span<int> span, out ulong word)
            {
                word = 0;

                // The peer's choice.
                if (note.Index >= 7)
                {
                    return false;
                }
                word = words[(int)note.Index];
                if (note.Far >= (uint)span.Length)
                {
                    return false;
                }
                int far = span[(int)note.Far];
                if ((uint)note.Near >= (uint)span.Length)
                {
                    return false;
                }
                return span[note.Near] == far;
            }

            static bool TryCount(in Note note, int[] counts)
            {
                int local = (int)note.Index;
                switch (note.Kind)
                {
                    case Kind.None:
                        break;
                    case Kind.Data:
                        counts[local]++;
                        break;
                    default:
                        return false;
                }

                return true;
            }

            static bool TryLong(in Note note, int[] counts)
            {
                if ((ulong)note.Long >= (uint)counts.Length)
                {
                    return false;
                }
                counts[note.Long] = 1;
                return true;
            }

            static bool TryCut(in Note note, Span<int> span)
            {
                if ((uint)(int)note.Long >= (uint)span.Length)
                {
                    return false;
                }
                span[(int)note.Long] = 2;
                return true;
            }
        }
        """);

    [Theory]
    // Nobody to refuse it to.
    [InlineData("static ulong M(in Note n, ref Words w) { return w[(int)n.Index]; }")]
    [InlineData("static bool Is(in Note n, ref Words w) { return w[(int)n.Index] == 1; }")]
    [InlineData("static bool TryM(in Note n, ref Words w) => w[(int)n.Index] == 1;")]
    [InlineData("static bool TryM(in Note n, ref Words w, out int x) { bool b = w[(int)n.Index] == 1; x = 1; return b; }")]
    // A pointer has no bound, and a second read through one is a second fetch.
    [InlineData("static unsafe bool TryM(in Note n, ulong* w) { return w[n.Index] == 1; }")]
    [InlineData("static unsafe bool TryM(Note* n, ref Words w) { return w[(int)n->Index] == 1; }")]
    // It would be asked once, or of another value.
    [InlineData("static bool TryM(ref Note n, ref Words w) { while (w[(int)n.Index] == 1) { n.Index = 9; } return true; }")]
    [InlineData("static bool TryM(in Note n, ref Words w) { int i = 0; bool b = (i = (int)n.Index) > 0 | w[(int)n.Far] == 1; return b; }")]
    [InlineData("static int Next() => 1; static bool TryM(in Note n, ref Words w) { return Next() == 1 && w[(int)n.Far] == 1; }")]
    // A member without a case would be refused, too.
    [InlineData("static bool TryM(in Note n) { switch (n.Kind) { case Kind.None: return false; } return true; }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        Declarations + "static class C { " + member + " }");
}
