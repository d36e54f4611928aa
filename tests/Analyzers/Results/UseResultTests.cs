using Atoll.Analyzers.Results;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Results;

/// <summary>ATL0801.</summary>
public sealed class UseResultTests : RuleTests<UseResultAnalyzer>
{
    private const string Declarations =
        """
        [MustUse] enum Sent { Done, Full }
        [MustUse] struct Reply { public bool IsOk => true; public static Reply operator +(Reply a, Reply b) => a; }
        static Sent Send() => Sent.Done;
        static Sent? MaybeSend() => null;
        static Sent State => Sent.Done;
        static void Fill(out Sent sent) => sent = Sent.Full;
        [MustUse] static int Count() => 1;
        [MustUse] static int Length => 1;
        abstract class Base { [MustUse] public abstract int M(); }
        class Derived : Base { public override int M() => 1; }
        interface IPort { [MustUse] int Read(); }
        struct Port : IPort { public int Read() => 1; }

        """;

    [Theory]
    [InlineData("static void M() { {|ATL0801:Send()|}; }")]
    [InlineData("static void M() => {|ATL0801:Send()|};")]
    [InlineData("static void M() { {|ATL0801:_ = Send()|}; }")]
    [InlineData("static void M() { {|ATL0801:_ = State|}; }")]
    [InlineData("static void M() { {|ATL0801:_ = (int)Send()|}; }")]
    [InlineData("static void M(bool b) { {|ATL0801:_ = b ? Send() : Sent.Full|}; }")]
    [InlineData("static void M(bool b) { {|ATL0801:_ = b ? 1 : Count()|}; }")]
    [InlineData("static void M(int n) { {|ATL0801:_ = n switch { 0 => 1, _ => Count() }|}; }")]
    [InlineData("static void M() { {|ATL0801:_ = MaybeSend() ?? Sent.Done|}; }")]
    [InlineData("static void M() { {|ATL0801:MaybeSend()|}; }")]
    [InlineData("static void M() { {|ATL0801:Count()|}; }")]
    [InlineData("static void M() { {|ATL0801:_ = Count()|}; }")]
    [InlineData("static void M() { {|ATL0801:_ = Length|}; }")]
    [InlineData("static void M() { {|ATL0801:new Reply()|}; }")]
    [InlineData("static void M() { Fill(out {|ATL0801:_|}); }")]
    [InlineData("static void M() { Fill(out var {|ATL0801:sent|}); }")]
    [InlineData("static void M() { int x; ({|ATL0801:_|}, x) = (Send(), 1); }")]
    [InlineData("static void M() { Sent {|ATL0801:sent|} = Send(); }")]
    [InlineData("static void M() { Sent {|ATL0801:sent|}; sent = Send(); }")]
    [InlineData("static bool M() => {|ATL0801:Send() is var _|};")]
    [InlineData("static void M() { for (int i = 0; i < 2; {|ATL0801:Send()|}) { i++; } }")]
    [InlineData("static void M(Reply a) { {|ATL0801:_ = a + a|}; }")]
    [InlineData("static (int, Sent) Both() => (1, Send()); static void M() { {|ATL0801:Both()|}; }")]
    [InlineData("class Link { public Sent Send() => Sent.Done; } static void M(Link? l) { {|ATL0801:l?.Send()|}; }")]
    [InlineData("static void M(Derived d) { {|ATL0801:d.M()|}; }")]
    [InlineData("static void M(Port p) { {|ATL0801:p.Read()|}; }")]
    [InlineData("static void M<T>(T p) where T : IPort { {|ATL0801:p.Read()|}; }")]
    [InlineData("static void M() { void Local() => {|ATL0801:Send()|}; Local(); }")]
    [InlineData("static void M(delegate*<Sent> f) { {|ATL0801:f()|}; }")]
    [InlineData("[MustUse] static T Id<T>(T x) => x; static void M() { {|ATL0801:Id(1)|}; }")]
    [InlineData("static bool M() { Sent s = {|ATL0801:Send()|}; s = Send(); return s == Sent.Done; }")]
    [InlineData("static bool M(bool b) { Sent s = {|ATL0801:Send()|}; if (b) { s = Send(); } return s == Sent.Done; }")]
    [InlineData("static bool M() { Sent s = Sent.Done; for (int i = 0; i < 4; i++) { s = {|ATL0801:Send()|}; } return s == Sent.Done; }")]
    [InlineData("static bool M() { Sent s = {|ATL0801:Send()|}; Fill(out s); return s == Sent.Done; }")]
    [InlineData("static bool M() { Sent s = Send(); if (s == Sent.Done) { s = {|ATL0801:Send()|}; } return true; }")]
    [InlineData("static void M() { int {|ATL0801:n|} = Count(); }")]
    [InlineData("static void M() { int {|ATL0801:n|}; n = Count(); }")]
    [InlineData("static void M() { int {|ATL0801:n|} = Count(); _ = n; }")]
    [InlineData("static void M() { long {|ATL0801:n|} = Count(); }")]
    [InlineData("static int M() { int n = {|ATL0801:Count()|}; n = 2; return n; }")]
    [InlineData("static int M(bool b) { int n = {|ATL0801:b ? Count() : 2|}; n = 3; return n; }")]
    [InlineData("static partial class P { static partial void See(Sent s); static void M() { Sent {|ATL0801:s|} = Send(); See(s); } }")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static bool M() => Send() == Sent.Done;")]
    [InlineData("static Sent M() => Send();")]
    [InlineData("static bool M() { Sent sent = Send(); return sent == Sent.Done; }")]
    [InlineData("static bool M() { Fill(out Sent sent); return sent == Sent.Done; }")]
    [InlineData("static bool M() => Send() is Sent.Done or Sent.Full;")]
    [InlineData("static void M() { while (Send() != Sent.Done) { } }")]
    [InlineData("static void M(ref Sent sent) { sent = Send(); sent |= Send(); }")]
    [InlineData("static int Free() => 1; static void M() { Free(); _ = Free(); }")]
    [InlineData("static void M(int[] a) { a[Count()] = 1; }")]
    [InlineData("static int M() => Send() switch { Sent.Done => 1, _ => 0 };")]
    [InlineData("enum Quiet { A } static Quiet Ask() => Quiet.A; static void M() { Ask(); }")]
    [InlineData("static void Take(Sent sent) { } static void M() { Take(Send()); }")]
    [InlineData("static void M() { _ = nameof(Send); }")]
    [InlineData("static void M() { _ = Send() == Sent.Done; }")]
    [InlineData("static Sent M() { Sent s = Send(); while (s == Sent.Full) { s = Send(); } return s; }")]
    [InlineData("static Sent M() { Sent s; do { s = Send(); } while (s == Sent.Full); return s; }")]
    [InlineData("static Sent M(bool b) { Sent s = Sent.Full; if (b) { s = Send(); } return s; }")]
    [InlineData("static Sent M(bool b) { Sent s; if (b) { s = Send(); } else { s = Send(); } return s; }")]
    [InlineData("static Sent M() { Sent s = Send(); if (s != Sent.Done) { return s; } s = Send(); return s; }")]
    [InlineData("static Sent M(bool b) { Sent s = Send(); return b ? s : Sent.Full; }")]
    [InlineData("[MustUse] static bool Try(out Sent s) { s = Sent.Done; return true; } static Sent M() { if (Try(out Sent s)) { return s; } s = Send(); return s; }")]
    [InlineData("static int M() { int n = Count(); n += 2; return n; }")]
    [InlineData("static int M() { int n = 0; void Ask() => n = Count(); Ask(); Ask(); return n; }")]
    [InlineData("static int M() { int n = 1; n = 2; return n; }")]
    [InlineData("static bool M(bool b) { Sent s = Send(); if (b) { s = Sent.Full; } return s == Sent.Done; }")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
