using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0507.</summary>
public sealed class NoDoubleFetchTests : RuleTests<NoDoubleFetchAnalyzer>
{
    private const string Declarations =
        """
        struct Payload { public uint Word; public uint Next; }
        [Message] struct Note { public uint Kind; public uint Index; public Payload Payload; }
        struct Plain { public uint Kind; }
        static void Read(uint* p) { }

        """;

    [Theory]
    [InlineData("static uint M(Note* n) => n->Kind + {|ATL0507:n->Kind|};")]
    [InlineData("static uint M(Note* n) => n->Index < 8 ? {|ATL0507:n->Index|} : 0;")]
    [InlineData("static uint M(Note* n) { if (n->Index >= 8) { return 0; } return {|ATL0507:n->Index|}; }")]
    [InlineData("static uint M(Note* n) => (*n).Kind + {|ATL0507:n->Kind|};")]
    [InlineData("static uint M(Note* n) { uint sum = 0; for (int i = 0; i < 3; i++) { sum += {|ATL0507:n->Kind|}; } return sum; }")]
    [InlineData("static uint M(Note* n, bool b) { uint k = 0; if (b) { k = n->Kind; } return k + {|ATL0507:n->Kind|}; }")]
    [InlineData("static uint M(Note* n) { Payload p = n->Payload; Payload q = {|ATL0507:n->Payload|}; return p.Word + q.Word; }")]
    [InlineData("static uint M(Note* n) { n->Kind += {|ATL0507:n->Kind|}; return 0; }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static uint M(Note* n) { Note copy = *n; return copy.Kind + copy.Kind; }")]
    [InlineData("static uint M(Note* n) { uint kind = n->Kind; return kind + kind; }")]
    [InlineData("static uint M(Note* n) => n->Kind + n->Index;")]
    [InlineData("static uint M(Note* n, Note* m) => n->Kind + m->Kind;")]
    [InlineData("static uint M(Note* n, bool b) => b ? n->Kind : n->Kind + 1;")]
    [InlineData("static uint M(Note* n) { uint k = n->Kind; n++; return k + n->Kind; }")]
    [InlineData("static void M(Note* n) { n->Kind = 1; n->Kind = 2; Read(&n->Kind); Read(&n->Kind); }")]
    [InlineData("static uint M(Plain* p) => p->Kind + p->Kind;")]
    [InlineData("static uint M(in Note n) => n.Kind + n.Kind;")]
    [InlineData("[Trusted(Safety = \"Nobody writes it any more.\")] static uint M(Note* n) => n->Kind + n->Kind;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
