using Atoll.Analyzers.Results;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Results;

/// <summary>ATL0803.</summary>
public sealed class SwitchNamesEveryResultTests : RuleTests<SwitchNamesEveryResultAnalyzer>
{
    private const string Declarations = "[MustUse] enum R { A, B, C, AlsoC = C } enum Plain { A, B }\n";

    [Theory]
    [InlineData("static int M(R r) => {|ATL0803:r|} switch { R.A => 1, R.B => 2, _ => 0 };")]
    [InlineData("static int M(R r) => {|ATL0803:r|} switch { _ => 0 };")]
    [InlineData("static void M(R r) { switch ({|ATL0803:r|}) { case R.A: break; case R.B: break; } }")]
    [InlineData("static void M(R r) { switch ({|ATL0803:r|}) { case R.A: break; default: break; } }")]
    [InlineData("static int M(R r) => {|ATL0803:r|} switch { R.A => 1, not R.B => 2, _ => 0 };")]
    [InlineData("static int M(R r, bool b) => {|ATL0803:r|} switch { R.A => 1, R.B => 2, R.C when b => 3, _ => 0 };")]
    [InlineData("static void M(R r, bool b) { switch ({|ATL0803:r|}) { case R.A: case R.B: break; case R.C when b: break; } }")]
    [InlineData("static int M(R? r) => {|ATL0803:r|} switch { R.A => 1, null => 2, _ => 0 };")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static int M(R r) => r switch { R.A => 1, R.B => 2, R.C => 3, _ => 0 };")]
    [InlineData("static int M(R r) => r switch { R.A or R.B or R.AlsoC => 1, _ => 0 };")]
    [InlineData("static void M(R r) { switch (r) { case R.A: break; case R.B: case R.C: break; } }")]
    [InlineData("static void M(R r) { switch (r) { case R.A or R.B: break; case R.C: break; default: break; } }")]
    [InlineData("static int M(Plain p) => p switch { Plain.A => 1, _ => 0 };")]
    [InlineData("static int M(int n) => n switch { 1 => 1, _ => 0 };")]
    [InlineData("static int M(R r) => (int)r switch { 1 => 1, _ => 0 };")]
    [InlineData("static bool M(R r) => r is R.A;")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
