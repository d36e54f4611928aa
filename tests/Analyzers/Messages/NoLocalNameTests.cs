using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0505.</summary>
public sealed class NoLocalNameTests : RuleTests<NoLocalNameAnalyzer>
{
    private const string Declarations =
        """
        [CoreLocal] struct Handle { public uint Index; public static explicit operator uint(Handle h) => h.Index; }
        [CoreLocal] enum Slot : uint { A }
        struct Both { public Handle H; public uint N; }
        struct Payload { public ulong Word; }
        [Message] struct Note { public ulong Where; public Payload Payload; }
        struct Plain { public ulong Where; public Handle H; }

        """;

    [Theory]
    [InlineData("[Message] struct S { public Handle {|ATL0505:H|}; }")]
    [InlineData("[Message] struct S { public Slot {|ATL0505:H|}; }")]
    [InlineData("[Message] struct S { public Both {|ATL0505:B|}; }")]
    [InlineData("static void M(ref Note n, int* p) => n.Where = {|ATL0505:(ulong)p|};")]
    [InlineData("static void M(ref Note n, int* p) => n.Payload.Word = {|ATL0505:(ulong)(nint)p|};")]
    [InlineData("static void M(Note* n, int x) => n->Where = {|ATL0505:(ulong)&x|};")]
    [InlineData("static Note M(int* p) => new Note { Where = {|ATL0505:(ulong)p|} };")]
    [InlineData("static void M(ref Note n, Slot s) => n.Where = {|ATL0505:(ulong)s|};")]
    [InlineData("static void M(ref Note n, Handle h) => n.Where = {|ATL0505:(uint)h|};")]
    [InlineData("static void M(ref Note n, delegate*<void> f) => n.Where = {|ATL0505:(ulong)f|};")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static void M(ref Note n, ulong physical) => n.Where = physical;")]
    [InlineData("static void M(ref Plain n, int* p) => n.Where = (ulong)p;")]
    [InlineData("static void M(ref Note n, DayOfWeek d) => n.Where = (ulong)d;")]
    [InlineData("static bool M(ref Note n, int* p) => n.Where == (ulong)p;")]
    [InlineData("static ulong M(int* p) { ulong word = (ulong)p; return word; }")]
    [InlineData("[Trusted(Safety = \"Identity-mapped for both.\")] static void M(ref Note n, int* p) => n.Where = (ulong)p;")]
    [InlineData("[Message] struct S { public DayOfWeek D; public uint N; static Handle s_h; }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
