using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0504: a new message is listed.</summary>
public sealed class ListMessageFixTests : CodeFixTests<MessageIdAnalyzer, ListMessageFix>
{
    private const string FileName = "Messages.shipped.txt";

    [Theory]
    [InlineData("", "3 N.A\n")]
    [InlineData("# Ids.\n2 N.B\n", "# Ids.\n2 N.B\n3 N.A\n")]
    [InlineData("2 N.B", "2 N.B\n3 N.A\n")]
    [InlineData("2 N.B\n4 N.C\n", "2 N.B\n3 N.A\n4 N.C\n")]
    public Task NewMessage_GetsItsLine(string before, string after)
    {
        const string Source = "namespace N { [Message(Id = 3)] struct A { } }";
        return FixesAsync([("Test.cs", Source), (FileName, before)], [("Test.cs", Source), (FileName, after)]);
    }

    [Fact]
    public Task SeveralMessages_GetTheirLines()
    {
        const string Source = "[Message(Id = 3)] struct A { } [Message(Id = 1)] struct B { } [Message(Id = 7)] struct C { }";
        return FixesAsync(
            [("Test.cs", Source), (FileName, "2 N.B\n4 N.C\n")],
            [("Test.cs", Source), (FileName, "1 B\n2 N.B\n3 A\n4 N.C\n7 C\n")]);
    }

    [Theory]
    [InlineData("[Message] struct A { }", "")]
    [InlineData("[Message(Id = 2)] struct A { }", "1 A\n")]
    [InlineData("[Message(Id = 2)] struct A { }", "2 Gone\n")]
    public Task NotOffered_WhereTheIdIsWrong(string source, string file) =>
        IsNotOfferedAsync([("Test.cs", source), (FileName, file)]);
}
