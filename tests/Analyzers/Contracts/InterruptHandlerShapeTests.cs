using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Contracts;

/// <summary>ATL0902.</summary>
public sealed class InterruptHandlerShapeTests : RuleTests<InterruptHandlerShapeAnalyzer>
{
    [Theory]
    [InlineData("[InterruptHandler] static void {|ATL0902:M|}(int* frame) { }")]
    [InlineData("struct S { [InterruptHandler, InterruptSafe] public void {|ATL0902:M|}(int* frame) { } }")]
    [InlineData("[InterruptHandler, InterruptSafe] static int {|ATL0902:M|}(int* frame) => 1;")]
    [InlineData("struct Frame { public ulong A; public ulong B; } [InterruptHandler, InterruptSafe] static void {|ATL0902:M|}(Frame frame) { }")]
    [InlineData("[InterruptHandler, InterruptSafe] static void {|ATL0902:M|}<T>(int* frame) { }")]
    [InlineData("static class G<T> { [InterruptHandler, InterruptSafe] public static void {|ATL0902:M|}(int* frame) { } }")]
    [InlineData("[InterruptHandler, InterruptSafe] static void {|ATL0902:M|}(bool b) { }")]
    [InlineData("[InterruptHandler, InterruptSafe] static void {|ATL0902:M|}(double d) { }")]
    [InlineData("[InterruptHandler] static int {|ATL0902:{|ATL0902:M|}|}(int* frame) => 1;")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[InterruptHandler, InterruptSafe] static void M(int* frame) { }")]
    [InlineData("[InterruptHandler, InterruptSafe] static void M(ulong vector, ref int frame) { }")]
    [InlineData("[InterruptSafe] static class T { [InterruptHandler] public static void M(nuint address, DayOfWeek d) { } }")]
    [InlineData("[InterruptSafe] static int M(double d) => 1;")]
    [InlineData("[InterruptHandler, InterruptSafe] static void M() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
