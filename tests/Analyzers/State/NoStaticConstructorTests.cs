using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0603.</summary>
public sealed class NoStaticConstructorTests : RuleTests<NoStaticConstructorAnalyzer>
{
    [Theory]
    [InlineData("static {|ATL0603:C|}() { }")]
    [InlineData("struct S { static int s_x; static {|ATL0603:S|}() => s_x = 1; }")]
    [InlineData("class D { static {|ATL0603:D|}() { } }")]
    [InlineData("static class G<T> { static {|ATL0603:G|}() { } }")]
    [InlineData("interface I { static {|ATL0603:I|}() { } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static readonly int s_x = 1;")]
    [InlineData("class D { public D() { } }")]
    [InlineData("struct S { public int X = 1; public S() { } }")]
    [InlineData("static int P { get; } = 1;")]
    [InlineData("static void Start() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Fact]
    public Task ReportsModuleInitializer() => ReportsFileAsync(
        "class D { [ModuleInitializer] internal static void {|ATL0603:Start|}() { } }", TestPlatform.DotNet);
}
