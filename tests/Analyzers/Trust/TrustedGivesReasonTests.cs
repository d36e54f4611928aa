using Atoll.Analyzers.Trust;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>ATL1001.</summary>
public sealed class TrustedGivesReasonTests : RuleTests<TrustedGivesReasonAnalyzer>
{
    [Theory]
    [InlineData("[{|ATL1001:Trusted|}] static void M() { }")]
    [InlineData("[{|ATL1001:Trusted()|}] static void M() { }")]
    [InlineData("[{|ATL1001:Trusted(Safety = \"\")|}] static void M() { }")]
    [InlineData("[{|ATL1001:Trusted(Safety = \"  \")|}] static void M() { }")]
    [InlineData("[{|ATL1001:TrustedAttribute|}] static void M() { }")]
    [InlineData("[{|ATL1001:Atoll.Trusted|}] struct S;")]
    [InlineData("const string Nothing = \"\"; [{|ATL1001:Trusted(Safety = Nothing)|}] static void M() { }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Trusted(Safety = \"One writer.\")] static void M() { }")]
    [InlineData("const string Why = \"One writer.\"; [Trusted(Safety = Why)] static void M() { }")]
    [InlineData("[Trusted(Safety = \"One \" + \"writer.\")] struct S;")]
    [InlineData("[Obsolete] static void M() { }")]
    [InlineData("class TrustedAttribute : Attribute; [Trusted] static void M() { }")]
    [InlineData("static void M() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
