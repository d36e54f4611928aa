using Atoll.Analyzers.Trust;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>ATL1003.</summary>
public sealed class NoSuppressionTests : RuleTests<NoSuppressionAnalyzer>
{
    [Theory]
    [InlineData("\n{|ATL1003:#pragma warning disable|}\n")]
    [InlineData("\n{|ATL1003:#pragma warning restore|}\n")]
    [InlineData("\n#pragma warning disable {|ATL1003:ATL0001|}\n")]
    [InlineData("\n#pragma warning disable CS0168, {|ATL1003:ATL0001|}, {|ATL1003:ATL0002|} // why not\n")]
    [InlineData("\n#pragma warning restore {|ATL1003:atl0001|}\n")]
    [InlineData("[{|ATL1003:System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"ATL0001\")|}] static void M() { }")]
    [InlineData("[{|ATL1003:System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage(\"a\", \"ATL0001\")|}] static void M() { }")]
    [InlineData("[method: {|ATL1003:System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"CA1000\")|}] static void M() { }")]
    [InlineData("\n#pragma warning disable {|ATL1003:CS9085|}, {|ATL1003:9091|}\n")]
    [InlineData("\n#pragma warning disable {|ATL1003:cs9080|}, {|ATL1003:9097|}, CS9100\n")]
    [InlineData("\n#pragma warning restore {|ATL1003:CS9074|}\n")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("\n#pragma warning disable CS0168\n")]
    [InlineData("\n#pragma warning disable 168, CA1000\n")]
    [InlineData("\n#nullable disable\n")]
    [InlineData("\n#pragma checksum \"a.cs\" \"{406EA660-64CF-4C82-B6F0-42D48172A799}\" \"00\"\n")]
    [InlineData("\n#if NEVER\n#pragma warning disable\n#endif\n")]
    [InlineData("// A comment: #pragma warning disable ATL0001")]
    [InlineData("[Obsolete] static void M() { }")]
    [InlineData("sealed class SuppressMessageAttribute(string id) : Attribute { public string Id => id; } [SuppressMessage(\"ATL0001\")] static void M() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("[assembly: {|ATL1003:System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"ATL0001\")|}]")]
    [InlineData("namespace System.Diagnostics.CodeAnalysis { sealed class {|ATL1003:SuppressMessageAttribute|} : Attribute; }")]
    [InlineData("namespace System.Runtime.CompilerServices { sealed class {|ATL1003:InterceptsLocationAttribute|}(int version, string data) : Attribute; }")]
    public Task ReportsFile(string file) => ReportsFileAsync(file, TestPlatform.DotNet);
}
