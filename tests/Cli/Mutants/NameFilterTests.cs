using Atoll.Mutants;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>What rooms use of the filters of <c>dotnet test</c>, and what they do not, which is refused.</summary>
public sealed class NameFilterTests
{
    [Theory]
    [InlineData("FullyQualifiedName~B.C", true)]
    [InlineData("FullyQualifiedName~X", false)]
    [InlineData("FullyQualifiedName!~X", true)]
    [InlineData("FullyQualifiedName~X|FullyQualifiedName~A", true)]
    [InlineData("FullyQualifiedName~A&FullyQualifiedName!~C", false)]
    [InlineData("FullyQualifiedName!~X&(FullyQualifiedName~Y|FullyQualifiedName~A)", true)]
    [InlineData("FullyQualifiedName~X&FullyQualifiedName~Y|FullyQualifiedName~A", true)]
    [InlineData("FullyQualifiedName~X&(FullyQualifiedName~Y|FullyQualifiedName~A)", false)]
    public void Chooses(string filter, bool isChosen) => Assert.Equal(isChosen, new NameFilter(filter).Chooses("A.B.C"));

    [Theory]
    [InlineData("Category=Long")]
    [InlineData("(FullyQualifiedName~A")]
    [InlineData("")]
    public void Other_IsRefused(string filter) => Assert.Throws<FormatException>(() => new NameFilter(filter).Chooses("A.B.C"));
}
