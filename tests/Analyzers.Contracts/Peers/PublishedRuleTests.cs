using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests.Peers;

/// <summary>What two packages that cannot be restored here publish of their rules (docs/analyzers.md), and what ours say of the same code.</summary>
public sealed class PublishedRuleTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.Linq; using System.Threading; using System.Threading.Tasks; using Atoll;\n";

    /// <summary>CGC001: a member of one's own without an attribute. We look in, and are silent where nothing is wrong.</summary>
    [Theory]
    [InlineData("class C { [NoGC] void M() => N(); void N() { } }", "")]
    [InlineData("class C {\n [NoGC] void M() => N(); object N() => new object(); }", "ATL2007@3")]
    [InlineData("class C {\n [NoThrow] void M() => N(); void N() => throw new Exception(); }", "ATL2202@3")]
    [InlineData("class C {\n [NoBlock] void M() => N(); void N() => Thread.Sleep(1); }", "ATL2401@3")]
    [InlineData("class C {\n [NoRecursion] void M() => N(); void N() => M(); }", "ATL2301@3")]
    [InlineData("class C { [NoGC] void M() => N(); [NoGC] void N() { } }", "")]
    public async Task SourceBoundary(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>CGC002: a member outside. The list knows it, or it is unknown.</summary>
    [Theory]
    [InlineData("class C { [NoGC] int M() => Math.Abs(-3); }", "")]
    [InlineData("class C {\n [NoGC] string M(string s) => s.Substring(1); }", "ATL2007@3")]
    [InlineData("class C {\n [NoGC] void M() => Console.WriteLine(3); }", "ATL2901@3")]
    public async Task ExternalBoundary(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>CGC003 of MustNotAllocate and HPG001: object, array, box, string concatenation, params, closure, method group, interpolation.</summary>
    [Theory]
    [InlineData("class C {\n [NoGC] object M() => new C(); }", "ATL2001@3")]
    [InlineData("class C {\n [NoGC] int[] M() => new int[16]; }", "ATL2002@3")]
    [InlineData("class C {\n [NoGC] object M(int i) => i; }", "ATL2003@3")]
    [InlineData("class C {\n [NoGC] string M(string a) => a + \"b\"; }", "ATL2005@3")]
    [InlineData("class C {\n [NoGC] void M() => N(1, 2); void N(params int[] n) { } }", "ATL2002@3")]
    [InlineData("class C {\n [NoGC] Func<int> M(int i) => () => i; }", "ATL2004@3")]
    [InlineData("class C { void N() { }\n [NoGC] Action M() => N; }", "ATL2004@3")]
    [InlineData("class C {\n [NoGC] string M(int i) => $\"{i}\"; }", "ATL2005@3")]
    public async Task DirectAllocation(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>CGC003 of MustNotThrow: throw, rethrow, throw expression, a helper that throws.</summary>
    [Theory]
    [InlineData("class C {\n [NoThrow] void M() => throw new Exception(); }", "ATL2201@3")]
    [InlineData("class C {\n [NoThrow] void M() { try { _n++; } catch {\n throw; } } int _n; }", "ATL2201@4")]
    [InlineData("class C {\n [NoThrow] string M(string s) => s ?? throw new InvalidOperationException(); }", "ATL2201@3")]
    [InlineData("class C {\n [NoThrow] void M(string s) => ArgumentNullException.ThrowIfNull(s); }", "ATL2202@3")]
    public async Task DirectThrow(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>CGC003 of MustNotBlock: its whole list.</summary>
    [Theory]
    [InlineData("Thread.Sleep(1)")]
    [InlineData("t.Wait()")]
    [InlineData("Task.WaitAll(t)")]
    [InlineData("Task.WaitAny(t)")]
    [InlineData("_ = n.Result")]
    [InlineData("w.WaitOne()")]
    [InlineData("WaitHandle.WaitAll(ws)")]
    [InlineData("WaitHandle.WaitAny(ws)")]
    [InlineData("Monitor.Wait(w)")]
    [InlineData("s.Wait()")]
    [InlineData("m.Wait()")]
    [InlineData("c.Wait()")]
    [InlineData("b.SignalAndWait()")]
    public async Task BlockingMember(string call) => await VerifyAsync(
        $"class C {{ static void M0() {{ }}\n [NoBlock] void M(Task t, Task<int> n, WaitHandle w, WaitHandle[] ws, SemaphoreSlim s, ManualResetEventSlim m, CountdownEvent c, Barrier b) {{ {call}; }} }}",
        "ATL2401@3");

    /// <summary>What that list leaves out on purpose: <c>lock</c> and <c>GetAwaiter().GetResult()</c>.</summary>
    [Theory]
    [InlineData("class C {\n [NoBlock] void M(object o) { lock (o) { } } }", "ATL2401@3")]
    [InlineData("class C {\n [NoBlock] void M(Task t) => t.GetAwaiter().GetResult(); }", "ATL2401@3")]
    public async Task BlockingBeyondTheirList(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>HPG002 and HPG003: LINQ, and state machines of the compiler.</summary>
    [Theory]
    [InlineData("class C {\n [NoGC] List<int> M(List<int> l) => l.ToList(); }", "ATL2007@3")]
    [InlineData("class C {\n [NoGC] object M(List<int> l) => l.Where(static i => i > 3); }", "ATL2007@3")]
    [InlineData("class C {\n [NoGC] IEnumerable<int> M() { yield return 1; } }", "ATL2006@3")]
    [InlineData("class C {\n [NoGC] async Task M() => await Task.Yield(); }", "ATL2901@3 ATL2901@3")]
    public async Task AllocatingInterface(string code, string expected) => await VerifyAsync(code, expected);

    /// <summary>HPG004: an allowance needs a reason.</summary>
    [Fact]
    public async Task AllowanceWithoutReason() => await VerifyAsync("class C {\n [AllowAlloc(\"\")] object M() => new object(); [NoGC] void N() { } }", "ATL2903@3");

    private static async Task VerifyAsync(string code, string expected) => Assert.Equal(expected, RuleRun.Summary(await RuleRun.Of(Usings + code)));
}
