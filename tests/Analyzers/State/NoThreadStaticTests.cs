using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0605.</summary>
public sealed class NoThreadStaticTests : RuleTests<NoThreadStaticAnalyzer>
{
    [Theory]
    [InlineData("[ThreadStatic] static int {|ATL0605:t_x|};")]
    [InlineData("[ThreadStatic] static int {|ATL0605:t_a|}, {|ATL0605:t_b|};")]
    [InlineData("[ThreadStatic] static object? {|ATL0605:t_x|};")]
    [InlineData("[field: ThreadStatic] static int {|ATL0605:P|} { get; set; }")]
    [InlineData("static class G<T> { [System.ThreadStaticAttribute] static T? {|ATL0605:t_x|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static int s_x;")]
    [InlineData("static readonly int s_x = 1;")]
    [InlineData("static int P { get; set; }")]
    [InlineData("static event Action? E;")]
    [InlineData("[Obsolete] static int s_x;")]
    [InlineData("[ThreadStatic] static int t_x; sealed class ThreadStaticAttribute : Attribute;")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
