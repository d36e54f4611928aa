using Atoll.Analyzers.State;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.State;

/// <summary>ATL0601.</summary>
public sealed class NoMutableStaticTests : RuleTests<NoMutableStaticAnalyzer>
{
    [Theory]
    [InlineData("static int {|ATL0601:s_count|};")]
    [InlineData("static int {|ATL0601:s_a|}, {|ATL0601:s_b|} = 1;")]
    [InlineData("public static volatile int {|ATL0601:Flag|};")]
    [InlineData("static int {|ATL0601:P|} { get; set; }")]
    [InlineData("public static int {|ATL0601:P|} { get; private set; } = 1;")]
    [InlineData("static event Action? {|ATL0601:E|};")]
    [InlineData("struct S { static int {|ATL0601:s_count|}; }")]
    [InlineData("static class G<T> { static T {|ATL0601:s_value|} = default!; }")]
    [InlineData("interface I { static int {|ATL0601:Count|}; }")]
    [InlineData("static int* {|ATL0601:s_pointer|};")]
    [InlineData("static int {|ATL0601:P|} { get => field; set => field = value; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("const int K = 1;")]
    [InlineData("static readonly int s_k = 1;")]
    [InlineData("static int P { get; } = 1;")]
    [InlineData("static int P => 1;")]
    [InlineData("static int P { get => 1; set { } }")]
    [InlineData("struct S { int _count; public int P { get; set; } }")]
    [InlineData("static event Action? E { add { } remove { } }")]
    [InlineData("static readonly int* s_pointer;")]
    // ATL0605 reports this one.
    [InlineData("[ThreadStatic] static int t_count;")]
    [InlineData("enum E { A, B }")]
    [InlineData("[PerCore] static int s_count;")]
    [InlineData("[PerCore] struct S { static int s_count; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
