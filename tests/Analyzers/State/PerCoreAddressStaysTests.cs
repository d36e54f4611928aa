using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0604.</summary>
public sealed class PerCoreAddressStaysTests : RuleTests<PerCoreAddressStaysAnalyzer>
{
    private const string Declarations =
        """
        [InlineArray(4)] struct Four { private ulong _first; }
        [PerCore] struct Own { public ulong Ticks; public Four Many; }
        struct Holder { [PerCore] public ulong Mine; public ulong Yours; }
        [Shared] struct Page { public ulong Number; public Own* Pointer; public void* Any; public Inner Inner; }
        struct Inner { public ulong* Word; }
        [Message] struct Note { public ulong* Word; public ulong Number; }
        struct Private { public Own* Pointer; }

        """;

    [Theory]
    [InlineData("static ulong M(Own* own) => (ulong){|ATL0604:own|};")]
    [InlineData("static nint M(Own* own) => (nint)({|ATL0604:&own->Ticks|});")]
    [InlineData("static ulong M(Own* own) => (ulong){|ATL0604:(void*)&own->Ticks|};")]
    [InlineData("static ulong M(Own* own) => (ulong){|ATL0604:&own->Many[2]|};")]
    [InlineData("static ulong M() { Own own = default; return (ulong){|ATL0604:&own|}; }")]
    [InlineData("static ulong M(Holder* h) => (ulong){|ATL0604:&h->Mine|};")]
    [InlineData("static void M(Own* own, Page* page) => page->Pointer = {|ATL0604:own|};")]
    [InlineData("static void M(Own* own, Page* page) => page->Any = {|ATL0604:own|};")]
    [InlineData("static void M(Own* own, Page* page) => page->Inner.Word = {|ATL0604:&own->Ticks|};")]
    [InlineData("static void M(Own* own, Note* note) => note->Word = {|ATL0604:&own->Ticks|};")]
    [InlineData("static Note M(Own* own) => new Note { Word = {|ATL0604:&own->Ticks|}, Number = (ulong){|ATL0604:own|} };")]
    [InlineData("[Trusted(Safety = \"\")] static ulong M(Own* own) => (ulong){|ATL0604:own|};")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static void M(Own* own, Note* note) => note->Number = own->Ticks;")]
    [InlineData("static ulong* M(Own* own) => &own->Ticks;")]
    [InlineData("static ulong M(Own* own) => *(ulong*)own;")]
    [InlineData("static bool M(Own* own) => own != null;")]
    [InlineData("static Private M(Own* own) => new Private { Pointer = own };")]
    [InlineData("static ulong M(Holder* h) => (ulong)&h->Yours;")]
    [InlineData("static void M(ulong* word, Page* page) => page->Any = word;")]
    [InlineData("static ref ulong M(ref Own own) => ref own.Ticks;")]
    [InlineData("[Trusted(Safety = \"For a dump.\")] static ulong M(Own* own) => (ulong)own;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
