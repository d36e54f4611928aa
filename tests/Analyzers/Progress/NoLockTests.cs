using Atoll.Analyzers.Progress;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Progress;

/// <summary>ATL0101.</summary>
public sealed class NoLockTests : RuleTests<NoLockAnalyzer>
{
    [Theory]
    [InlineData("static readonly object s_gate = new(); static void M() { {|ATL0101:lock (s_gate) { }|} }")]
    [InlineData("static void M(Lock l) { {|ATL0101:lock (l) { }|} }")]
    [InlineData("static void M(object o) => {|ATL0101:Monitor.Enter(o)|};")]
    [InlineData("static bool M(object o) => {|ATL0101:Monitor.TryEnter(o)|};")]
    [InlineData("static void M(Lock l) => {|ATL0101:l.Enter()|};")]
    [InlineData("static void M(Lock l) { using ({|ATL0101:l.EnterScope()|}) { } }")]
    [InlineData("[MethodImpl(MethodImplOptions.Synchronized)] static void {|ATL0101:M|}() { }")]
    [InlineData("static void M(ref SpinLock l) { bool taken = false; {|ATL0101:l.Enter(ref taken)|}; }")]
    [InlineData("static void M(SemaphoreSlim s) => {|ATL0101:s.Wait()|};")]
    [InlineData("static Mutex M() => {|ATL0101:new Mutex()|};")]
    [InlineData("static Action<object> M() => {|ATL0101:Monitor.Exit|};")]
    [InlineData("static void M(ReaderWriterLockSlim l) => {|ATL0101:l.EnterReadLock()|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int M(ref int x) => Volatile.Read(ref x);")]
    [InlineData("static void Enter(object o) { } static void M(object o) => Enter(o);")]
    [InlineData("class Monitor { public static void Enter(object o) { } } static void M(object o) => Monitor.Enter(o);")]
    [InlineData("[MethodImpl(MethodImplOptions.NoInlining)] static void M() { }")]
    [InlineData("static void M(object o) { _ = nameof(System.Threading.Monitor); }")]
    [InlineData("static void M(ref int x) { while (Volatile.Read(ref x) == 0) { } }")]
    [InlineData("static int M(int @lock) => @lock;")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
