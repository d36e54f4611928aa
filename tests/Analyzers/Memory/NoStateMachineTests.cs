using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0005.</summary>
public sealed class NoStateMachineTests : RuleTests<NoStateMachineAnalyzer>
{
    [Theory]
    [InlineData("class C { static {|ATL0005:async|} void M() { await System.Threading.Tasks.Task.Yield(); } }")]
    [InlineData("class C { static {|ATL0005:async|} System.Threading.Tasks.Task M() { await System.Threading.Tasks.Task.Yield(); } }")]
    [InlineData("class C { static System.Collections.Generic.IEnumerable<int> M() { {|ATL0005:yield|} return 1; } }")]
    [InlineData("class C { static System.Collections.Generic.IEnumerator<int> M() { {|ATL0005:yield|} return 1; {|ATL0005:yield|} break; } }")]
    [InlineData("class C { static System.Collections.Generic.IEnumerable<int> P { get { {|ATL0005:yield|} return 1; } } }")]
    [InlineData("class C { static {|ATL0005:async|} System.Collections.Generic.IAsyncEnumerable<int> M() { await System.Threading.Tasks.Task.Yield(); {|ATL0005:yield|} return 1; } }")]
    [InlineData("class C { static void M() { {|ATL0005:async|} System.Threading.Tasks.Task F() { await System.Threading.Tasks.Task.Yield(); } F(); } }")]
    [InlineData("class C { static Func<System.Threading.Tasks.Task> M() => {|ATL0005:async|} () => await System.Threading.Tasks.Task.Yield(); }")]
    [InlineData("class C { static Func<int, System.Threading.Tasks.Task> M() => {|ATL0005:async|} x => await System.Threading.Tasks.Task.Yield(); }")]
    [InlineData("class C { static Func<System.Threading.Tasks.Task> M() => {|ATL0005:async|} delegate { await System.Threading.Tasks.Task.Yield(); }; }")]
    // Top-level statements.
    [InlineData("{|ATL0005:await|} System.Threading.Tasks.Task.Yield();")]
    public Task Reports(string file) => ReportsFileAsync(file, TestPlatform.DotNet);

    [Theory]
    [InlineData("static int M() => 1;")]
    [InlineData("static int M(int async, int yield) => async + yield;")]
    [InlineData("static System.Threading.Tasks.Task M() => System.Threading.Tasks.Task.CompletedTask;")]
    [InlineData("static System.Collections.Generic.IEnumerable<int> M(System.Collections.Generic.IEnumerable<int> s) => s;")]
    [InlineData("struct E { public int Current => 1; public bool MoveNext() => false; public E GetEnumerator() => this; } static void M() { foreach (int x in default(E)) { } }")]
    [InlineData("static int M() { int F() => 1; return F(); }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
