using System.Collections.Immutable;
using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0504.</summary>
public sealed class MessageIdTests : RuleTests<MessageIdAnalyzer>
{
    private const string FileName = "Messages.shipped.txt";

    [Theory]
    [InlineData("[Message] struct {|ATL0504:A|} { }")]
    [InlineData("[Message()] struct {|ATL0504:A|} { }")]
    [InlineData("[Message(Id = 0)] struct {|ATL0504:A|} { }")]
    [InlineData("[Message(Id = 1)] struct A { } [Message(Id = 1)] struct {|ATL0504:B|} { }")]
    [InlineData("[Message(Id = 1)] struct A { } static class N { [Message(Id = 2)] struct B { } [Message(Id = 1)] struct {|ATL0504:C|} { } }")]
    [InlineData("[Message(Id = 1)] struct A { } [Message(Id = 1)] struct {|ATL0504:B|} { } [Message(Id = 0x1)] struct {|ATL0504:D|} { }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Message(Id = 1)] struct A { }")]
    [InlineData("[Message(Id = 1)] struct A { } [Message(Id = 2)] struct B { }")]
    [InlineData("[Message(Id = uint.MaxValue)] struct A { }")]
    [InlineData("const uint First = 16; [Message(Id = First)] struct A { } [Message(Id = First + 1)] struct B { }")]
    [InlineData("struct A { } struct B { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("", "[Message(Id = 1)] struct A { }", "'A' is not listed in Messages.shipped.txt")]
    [InlineData("2 A\n", "[Message(Id = 1)] struct A { }", "'A' was shipped with the id 2")]
    [InlineData("1 Gone\n", "[Message(Id = 1)] struct A { }", "'A' has the id of 'Gone'")]
    [InlineData("1 A\n1 B\n", "[Message(Id = 1)] struct A { }", "'A' has the id of 'B'")]
    [InlineData("1 C.A\n", "[Message(Id = 1)] struct A { }", "'A' has the id of 'C.A'")]
    [InlineData("# 1 A\none A\n1 A B\n", "[Message(Id = 1)] struct A { }", "'A' is not listed in Messages.shipped.txt")]
    [InlineData("1 A\n", "[Message] struct A { }", "'A' declares no id: [Message(Id = …)]")]
    public async Task ReportsAgainstTheFile(string file, string source, string message) =>
        Assert.Equal(message, Assert.Single(await RunAsync(source, file)).GetMessage());

    [Theory]
    [InlineData("1 A\n", "[Message(Id = 1)] struct A { }")]
    [InlineData("# Ids.\n\n\t1   A # since 1.0\n2 Gone", "[Message(Id = 1)] struct A { }")]
    [InlineData("1 N.C.A\n", "namespace N { class C { [Message(Id = 1)] struct A { } } }")]
    public async Task IsSilentWithTheFile(string file, string source) => Assert.Empty(await RunAsync(source, file));

    [Fact]
    public async Task AnotherFile_IsNotAsked() =>
        Assert.Empty(await RunAsync("[Message(Id = 1)] struct A { }", "2 A", "Messages.txt"));

    private static Task<ImmutableArray<Diagnostic>> RunAsync(string source, string file, string name = FileName)
    {
        Compilation compilation = TestPlatform.Kernel.Compile([CSharpSource.Parse(source)]);
        RuleVerifier.AssertCompiles(compilation, source);
        return RuleVerifier.RunAsync(
            [new MessageIdAnalyzer()], compilation, isConcurrent: true, new AnalyzerOptions([new TextFile($"/kernel/{name}", file)]));
    }
}
