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
    [InlineData("static int M(Page* p) { Span<uint> many = {|ATL0607:p->Many|}; return many.Length; }")]
    [InlineData("static uint M(ref Page p) { foreach (uint one in (Span<uint>){|ATL0607:p.Many|}) { return one; } return 0; }")]
    [InlineData("static uint M(ref Page p) => {|ATL0607:p.Many[1..]|}[0];")]
    [InlineData("static void M(ref Page p) { Span<ulong> s = new Span<ulong>(ref {|ATL0607:p.Life|}); s[0] = 1; }")]
    [InlineData("static void M(ref Page p) { ref ulong w = ref p.Life; {|ATL0607:w|} = {|ATL0607:w|} + 1; }")]
    [InlineData("static ulong M(ref Page p, ref ulong o) { ref ulong w = ref o; w = ref p.Life; return {|ATL0607:w|}; }")]
    [InlineData("static ulong M(ref Page p, ref ulong o, bool b) { ref ulong w = ref b ? ref o : ref p.Life; return {|ATL0607:w|}; }")]
    [InlineData("static ulong M(ref Page p) { ref ulong v = ref p.Life; ref ulong w = ref v; return {|ATL0607:w|}; }")]
    [InlineData("static uint M(ref Page p) { ref Pair pair = ref p.Pair; return {|ATL0607:pair.A|}; }")]
    [InlineData("static uint M(ref Page p) { ref uint w = ref p.Many[1]; return {|ATL0607:w|}; }")]
    [InlineData("static ref ulong Word(ref Page p) => ref p.Life; static ulong M(ref Page p) => {|ATL0607:Word(ref p)|};")]
    [InlineData("static ref uint Low(ref Pair p) => ref p.A; static uint M(ref Page p) { ref uint w = ref Low(ref p.Pair); return {|ATL0607:w|}; }")]
    [InlineData("static bool IsSet(in ulong w) => w != 0; static bool M(ref Page p) => IsSet({|ATL0607:p.Life|});")]
    [InlineData("static bool IsSet(in ulong w) => w != 0; static bool M(ref Page p) { ref ulong w = ref p.Life; return IsSet({|ATL0607:w|}); }")]
    [InlineData("static bool M(ref Page p) => {|ATL0607:p.Life|}.Equals(1ul);")]
    [InlineData("struct Box { public ulong W; public readonly bool IsSet => W != 0; } [Shared] struct S { public Box B; } static bool M(ref S s) => {|ATL0607:s.B|}.IsSet;")]
    [InlineData("[Shared, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(61)] public ulong {|ATL0607:A|}; }")]
    [InlineData("[Shared, StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(2)] public uint {|ATL0607:A|}; }")]
    [InlineData("[Shared, StructLayout(LayoutKind.Sequential, Pack = 1)] struct S { public byte A; public ulong {|ATL0607:B|}; }")]
    [InlineData("[Shared, StructLayout(LayoutKind.Explicit, Pack = 1)] struct {|ATL0607:S|} { [FieldOffset(0)] public ulong A; }")]
    [InlineData("[Shared, StructLayout(LayoutKind.Sequential, Size = 61)] struct {|ATL0607:S|} { public ulong A; }")]
    [InlineData("[Shared] struct S { public ulong A; } [StructLayout(LayoutKind.Explicit)] struct Page2 { [FieldOffset(4)] public S {|ATL0607:B|}; }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] struct In { [FieldOffset(2)] public uint A; } [Shared] struct S { public In {|ATL0607:B|}; }")]
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
    [InlineData("static ulong M(ref Page p) { ref ulong w = ref p.Life; return Volatile.Read(in w); }")]
    [InlineData("static ulong M(Page own) { ref ulong w = ref own.Life; return w; }")]
    [InlineData("static ulong M(ref Page p, ref ulong other) { ref ulong w = ref other; w++; return Volatile.Read(in p.Life); }")]
    [InlineData("static ref ulong Word(ref Page p) => ref p.Life; static ulong M(ref Page p) => Volatile.Read(in Word(ref p));")]
    [InlineData("static bool IsSet(in ulong w) => true; static bool M(ref Page p) => IsSet(in p.Life);")]
    [InlineData("static ulong M(ref Page p) => Volatile.Read(ref p.Life);")]
    [InlineData("[Shared, StructLayout(LayoutKind.Explicit, Size = 4096)] struct S { [FieldOffset(56)] public ulong A; [FieldOffset(64)] public uint B; [FieldOffset(68)] public byte C; }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] struct Disk { [FieldOffset(3)] public ulong A; }")]
    [InlineData("[Trusted(Safety = \"Each word has one writer, who writes it before the core starts.\")] [Shared, StructLayout(LayoutKind.Sequential, Pack = 1)] struct S { public byte A; public ulong B; }")]
    [InlineData("static ulong M(Private* s) => s->Life;")]
    [InlineData("static Page* M(Page* p, int i) => &p[i];")]
    [InlineData("static string M() => nameof(Page.Life);")]
    [InlineData("[Trusted(Safety = \"The core is stopped.\")] static ulong M(Page* p) => p->Life;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);

    /// <summary>An extension gets its receiver by <c>in</c> without a keyword.</summary>
    [Fact]
    public Task Reports_TheReceiverOfAnExtension() => ReportsFileAsync(
        """
        [Shared] struct Board { public ulong Life; }
        static class Words
        {
            public static bool IsSet(this in ulong word) => word != 0;
            static bool M(ref Board board) => {|ATL0607:board.Life|}.IsSet();
        }
        """,
        TestPlatform.Kernel);
}
