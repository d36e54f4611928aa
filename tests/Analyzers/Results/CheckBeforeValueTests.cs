using Atoll.Analyzers.Results;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Results;

/// <summary>ATL0802.</summary>
public sealed class CheckBeforeValueTests : RuleTests<CheckBeforeValueAnalyzer>
{
    private const string Declarations =
        """
        [MustUse] struct Reply { public bool IsOk => true; public int Value => 1; public int Error => 0; public int Twice => Value * 2; }
        [MustUse] enum Taken { Done, Empty }
        static Reply Ask() => default;
        static void Change(ref Reply r) { }
        static Taken Take(out int frame) { frame = 1; return Taken.Done; }
        [MustUse] static bool TryTake(out int frame) { frame = 1; return true; }
        class Keeper { public Reply Kept; }

        """;

    [Theory]
    [InlineData("static int M(Reply r, bool b) { bool isOk = r.IsOk; isOk = isOk || b; return isOk ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, bool b) { if (!r.IsOk) return 0; r = b ? Ask() : Ask(); return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M() => {|ATL0802:Ask().Value|};")]
    [InlineData("static int M(Reply r) => {|ATL0802:r.Value|};")]
    [InlineData("static int M(in Reply r) => {|ATL0802:r.Value|};")]
    [InlineData("static int M() { Reply r = Ask(); return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r) => r.IsOk ? 0 : {|ATL0802:r.Value|};")]
    [InlineData("static int M(Reply r) { if (r.IsOk) { } return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r, bool b) { if (b && !r.IsOk) { return 0; } return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r, bool b) => r.IsOk || b ? {|ATL0802:r.Value|} : 0;")]
    [InlineData("static int M(Reply r) { if (!r.IsOk) { return 0; } r = Ask(); return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r) { if (!r.IsOk) { return 0; } Change(ref r); return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r) { int sum = 0; while (sum < 9) { sum += {|ATL0802:r.Value|}; if (!r.IsOk) { break; } r = Ask(); } return sum; }")]
    [InlineData("static int M(Reply r, Reply s) => r.IsOk ? {|ATL0802:s.Value|} : 0;")]
    [InlineData("static bool M(Reply r) => r is { {|ATL0802:Value|}: 1, IsOk: true };")]
    [InlineData("static int M(Keeper k) => {|ATL0802:k.Kept.Value|};")]
    [InlineData("static int M() { int Local(Reply r) => {|ATL0802:r.Value|}; return Local(Ask()); }")]
    [InlineData("static int M() { Taken t = Take(out int f); int g = {|ATL0802:f|}; return t == Taken.Done ? g : 0; }")]
    [InlineData("static int M(bool b) { Taken t = Take(out int f); if (b && t == Taken.Done) { return 1; } return {|ATL0802:f|}; }")]
    [InlineData("static int M() { Taken t = Take(out int f); f = {|ATL0802:f|} + 1; return t == Taken.Done ? f : 0; }")]
    [InlineData("static int M() { bool t = TryTake(out int f); int g = {|ATL0802:f|}; return t ? g : 0; }")]
    // An outcome that is kept speaks for this result only, and only until one of the two changes.
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; return ok ? 0 : {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r) { bool failed = !r.IsOk; return failed ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; r = Ask(); return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; Change(ref r); return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; ref bool other = ref ok; other = true; return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; ok = true; return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; ok |= Ask().IsOk; return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, bool b) { bool ok = true; if (b) { ok = r.IsOk; } return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, bool b) { bool ok; if (b) { ok = r.IsOk; } else { ok = true; } return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, Reply s, bool b) { bool ok = b ? r.IsOk : s.IsOk; return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, Reply s) { bool ok = s.IsOk; return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r, Reply s, bool b) { bool ok = s.IsOk; if (b) { ok = r.IsOk; } return ok ? {|ATL0802:r.Value|} : 0; }")]
    [InlineData("static int M(Reply r) { ref Reply s = ref r; if (!r.IsOk) { return 0; } s = Ask(); return {|ATL0802:r.Value|}; }")]
    [InlineData("static int M(Reply r) { void Next() => r = Ask(); if (!r.IsOk) { return 0; } Next(); return {|ATL0802:r.Value|}; }")]
    [InlineData("static partial class P { static partial void That(bool b); static int M(Reply r) { That(r.IsOk); return {|ATL0802:r.Value|}; } }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static int M(Reply r, bool b) { r = b ? Ask() : Ask(); return r.IsOk ? r.Value : 0; }")]
    [InlineData("static int M(Reply r) => r.IsOk ? r.Value : r.Error;")]
    [InlineData("static int M(Reply r) { if (!r.IsOk) { return r.Error; } return r.Value; }")]
    [InlineData("static int M(Reply r, bool b) => b && r.IsOk ? r.Value : 0;")]
    [InlineData("static bool M(Reply r) => r.IsOk && r.Value == 1;")]
    [InlineData("static bool M(Reply r) => !r.IsOk || r.Value == 1;")]
    [InlineData("static int M(Reply r) => r.IsOk == true ? r.Value : 0;")]
    [InlineData("static int M(Reply r) => r.IsOk is false ? 0 : r.Value;")]
    [InlineData("static bool M(Reply r) => r is { IsOk: true, Value: 1 };")]
    [InlineData("static int M() { Reply r = Ask(); if (!r.IsOk) { return 0; } Reply s = r; return s.Value; }")]
    [InlineData("static int M(Reply r) { while (!r.IsOk) { r = Ask(); } return r.Value; }")]
    [InlineData("struct Other { public bool IsOk => true; public int Value => 1; } static int M(Other o) => o.Value;")]
    [InlineData("static int M(int? n) => n.Value;")]
    [InlineData("static int M(bool b) { Taken t = Take(out int f); f = b ? 1 : 2; return t == Taken.Done ? f : 0; }")]
    [InlineData("static int M() => Take(out int f) == Taken.Done ? f : 0;")]
    [InlineData("static int M() { Taken t = Take(out int f); if (t != Taken.Done) { return 0; } return f; }")]
    [InlineData("static int M() { Taken t = Take(out int f); f = 2; int g = f; return t == Taken.Done ? g : 0; }")]
    [InlineData("static int M() { if (!TryTake(out int f)) { return 0; } return f; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; return ok ? r.Value : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk, any = false; any |= ok; return ok ? r.Value : any ? 1 : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; if (!ok) { return 0; } return r.Value; }")]
    [InlineData("static int M(Reply r) { bool failed = !r.IsOk; return failed ? 0 : r.Value; }")]
    [InlineData("static int M(Reply r, bool b) { bool ok = r.IsOk; return b && ok ? r.Value : 0; }")]
    [InlineData("static int M(Reply r) { bool ok = r.IsOk; while (!ok) { r = Ask(); ok = r.IsOk; } return r.Value; }")]
    [InlineData("static int M(Reply r, Reply o) { ref Reply s = ref o; if (!r.IsOk) { return 0; } s = Ask(); return r.Value; }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
