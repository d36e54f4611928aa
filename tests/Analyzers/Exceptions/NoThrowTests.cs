using Atoll.Analyzers.Exceptions;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Exceptions;

/// <summary>ATL0201.</summary>
public sealed class NoThrowTests : RuleTests<NoThrowAnalyzer>
{
    [Theory]
    [InlineData("static void M() { {|ATL0201:throw new Exception();|} }")]
    [InlineData("static int M(int? x) => x ?? {|ATL0201:throw new Exception()|};")]
    [InlineData("static void M() => {|ATL0201:throw null!|};")]
    [InlineData("static void M() { try { } catch { {|ATL0201:throw;|} } }")]
    [InlineData("static int M(bool b) => b ? 1 : {|ATL0201:throw new Exception()|};")]
    [InlineData("static int P => {|ATL0201:throw new Exception()|};")]
    [InlineData("static void M() { void F() => {|ATL0201:throw new Exception()|}; F(); }")]
    // csc adds the arm that throws.
    [InlineData("static int M(int x) => {|ATL0201:x switch { 1 => 2 }|};")]
    [InlineData("static int M(DayOfWeek d) => {|ATL0201:d switch { DayOfWeek.Monday => 1, DayOfWeek.Friday => 2 }|};")]
    [InlineData("static int M(DayOfWeek d) => d switch { DayOfWeek.Monday => 1, _ => {|ATL0201:throw new Exception()|} };")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static bool M(out int x) { x = 1; return true; }")]
    [InlineData("static int M(int x) => x switch { 1 => 2, _ => 3 };")]
    [InlineData("static int M(bool b) => b switch { true => 1, false => 2 };")]
    [InlineData("static int M(int x) { switch (x) { case 1: return 2; } return 3; }")]
    [InlineData("class D { public void Throw() { } } static void M(D d) => d.Throw();")]
    [InlineData("static Exception M(Exception e) => e;")]
    [InlineData("static void M() { try { } finally { } }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
