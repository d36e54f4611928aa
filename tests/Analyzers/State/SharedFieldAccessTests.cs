using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0607.</summary>
public sealed class SharedFieldAccessTests : RuleTests<SharedFieldAccessAnalyzer>
{
    private const string Declarations =
        """
        [InlineArray(4)] struct Four { private uint _first; }
        struct Pair { public uint A, B; }
        [Shared] struct Page
        {
            public ulong Life; public uint Count; public Pair Pair; public Four Many;
            public ulong Next() => Volatile.Read(in Life);
        }
        struct Private { public ulong Life; public Page* Page; }
        static void Lend(ref ulong word) { }
        static void Show(in Page page) { }
        static void Copy(Page page) { }
        static ulong Load(ulong* word) => 0;
        static Page Fresh() => default;
        static ref Page Lent() => throw null!;

        """;

    [Theory]
    [InlineData("static ulong M(Page* p) => {|ATL0607:p->Life|};")]
    [InlineData("static void M(Page* p) => {|ATL0607:p->Life|} = 1;")]
    [InlineData("static void M(Page* p) => {|ATL0607:p->Count|}++;")]
    [InlineData("static void M(Page* p) => {|ATL0607:p->Count|} |= 4;")]
    [InlineData("static ulong M(in Page p) => {|ATL0607:p.Life|};")]
    [InlineData("static ulong M(ref Page p) => {|ATL0607:p.Pair.B|};")]
    [InlineData("static uint M(Page* p) => {|ATL0607:p->Many[1]|};")]
    [InlineData("static ulong M(Page* p, int i) => {|ATL0607:p[i].Life|};")]
    [InlineData("static ulong M(Page* p) => {|ATL0607:(*p).Life|};")]
    [InlineData("static ulong M(Private s) => {|ATL0607:s.Page->Life|};")]
    [InlineData("static void M(Page* p) { Page copy = {|ATL0607:*p|}; Copy(copy); }")]
    [InlineData("static void M(Page* p) => {|ATL0607:*p|} = default;")]
    [InlineData("static void M(Page* p) => Copy({|ATL0607:*p|});")]
    [InlineData("static Page M(Page* p) => {|ATL0607:*p|};")]
    [InlineData("static void M() { Page copy = {|ATL0607:Lent()|}; Copy(copy); }")]
    [InlineData("static void M(Page* p) => Volatile.Write(ref p->Life, {|ATL0607:p->Life|} + 1);")]
    [InlineData("static ulong M() { ref Page p = ref Lent(); return {|ATL0607:p.Life|}; }")]
    [InlineData("[Trusted(Safety = \"\")] static ulong M(Page* p) => {|ATL0607:p->Life|};")]
    [InlineData("[Shared] struct Own { ulong _word; ulong Get() => {|ATL0607:_word|}; }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static ulong M(Page* p) => Volatile.Read(ref p->Life);")]
    [InlineData("static ulong M(in Page p) => Volatile.Read(in p.Life);")]
    [InlineData("static void M(Page* p) => Lend(ref p->Life);")]
    [InlineData("static ulong M(Page* p) => Load(&p->Life);")]
    [InlineData("static void M(Page* p) => Show(in *p);")]
    [InlineData("static ulong M(Page* p) => p->Next();")]
    [InlineData("static ulong M(Page p) => p.Life;")]
    [InlineData("static Page M() { Page p = default; p.Life = 1; p.Pair.A++; return p; }")]
    [InlineData("static Page M() => new Page { Life = 1, Pair = { A = 1 } };")]
    [InlineData("static ulong M() => Fresh().Life;")]
    [InlineData("static ref ulong M(Page* p) => ref p->Life;")]
    [InlineData("static uint M(Page* p) { ref Pair pair = ref p->Pair; return Volatile.Read(ref pair.A); }")]
    [InlineData("static int M(Page* p) { Span<uint> many = p->Many; return many.Length; }")]
    [InlineData("static ulong M(Private* s) => s->Life;")]
    [InlineData("static Page* M(Page* p, int i) => &p[i];")]
    [InlineData("static string M() => nameof(Page.Life);")]
    [InlineData("[Trusted(Safety = \"The core is stopped.\")] static ulong M(Page* p) => p->Life;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
