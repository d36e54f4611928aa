using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0507.</summary>
public sealed class FetchOnceFixTests : CodeFixTests<NoDoubleFetchAnalyzer, FetchOnceFix>
{
    private const string Declarations =
        """
        enum Kind : uint { None, Data }

        [Message]
        [StructLayout(LayoutKind.Explicit, Size = 64)]
        unsafe struct Note
        {
            [FieldOffset(0)] public Kind Kind;
            [FieldOffset(4)] public uint Index;
            [FieldOffset(8)] public ulong Event;
            [FieldOffset(16)] public Note* Next;
        }


        """;

    [Fact]
    public Task CopiesBeforeTheFirstRead() => FixesAsync(
        Declarations +
        """
        static unsafe class C
        {
            static uint Pick(Note* slot, uint* words)
            {
                // Both must agree.
                if (slot->Index < 7)
                {
                    return words[slot->Index];
                }

                Kind kind = slot->Kind;
                return kind == Kind.None ? 0 : slot->Index + (uint)slot->Kind;
            }

            static ulong Twice(Note* slot)
            {
                ulong sum = (*slot).Event * (*slot).Event;
                Give(slot);
                return sum;
            }

            static void Give(Note* slot)
            {
            }
        }
        """,
        Declarations +
        """
        static unsafe class C
        {
            static uint Pick(Note* slot, uint* words)
            {
                // Both must agree.
                uint index = slot->Index;
                if (index < 7)
                {
                    return words[index];
                }

                Kind fetchedKind = slot->Kind;
                Kind kind = fetchedKind;
                return kind == Kind.None ? 0 : index + (uint)fetchedKind;
            }

            static ulong Twice(Note* slot)
            {
                ulong fetchedEvent = (*slot).Event;
                ulong sum = fetchedEvent * fetchedEvent;
                Give(slot);
                return sum;
            }

            static void Give(Note* slot)
            {
            }
        }
        """);

    [Theory]
    // Under a condition, or after something else in the statement.
    [InlineData("static uint M(Note* p) { return p != null && p->Index < 7 ? p->Index : 0; }")]
    [InlineData("static uint M(Note* p, bool b) { return b ? p->Index + p->Index : 0; }")]
    [InlineData("static uint M(Note* p) { return F() + p->Index + p->Index; }")]
    // It may wait for a change.
    [InlineData("static void M(Note* p) { while (p->Index == 0) { } }")]
    [InlineData("static void M(Note* p) { uint n = p->Index; while (p->Index == n) { } }")]
    // Written by whoever gets the pointer.
    [InlineData("static void Fill(Note* p) => p->Index = 1; static uint M(Note* p) { if (p->Index == 0) { Fill(p); } return p->Index; }")]
    [InlineData("static uint M(Note* p) { Note* q = p; uint n = p->Index; Note* r = p; r->Index = 1; return n + p->Index; }")]
    [InlineData("static uint M(Note* p, Note given) { uint n = p->Index; *p = given; return n + p->Index; }")]
    // Written, too; or the pointer goes on; or a place without statements.
    [InlineData("static uint M(Note* p) { uint n = p->Index; p->Index = 3; return n + p->Index; }")]
    [InlineData("static uint M(Note* p) { uint n = p->Index + p->Index; p++; return n + p->Index; }")]
    [InlineData("static uint M(Note* p) => p->Index + p->Index;")]
    [InlineData("static uint M(Note* p, bool b) { if (b) { F(p->Index); } return F(p->Index) + p->Index; }")]
    [InlineData("static void M(Note* p) { uint index = 0, fetchedIndex = 0; F(p->Index + p->Index + index + fetchedIndex); }")]
    [InlineData("static bool M(Note* p) { return p->Next == p->Next; }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        Declarations + "static unsafe class C { static uint F() => 1; static uint F(uint n) => n; " + member + " }");}
