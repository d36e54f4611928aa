using Atoll.Cli.Testing;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Testing;

/// <summary>A filter is a room or a part of names, and only what may hold such a name is built.</summary>
public sealed class TestProjectsTests
{
    private readonly TestProjects _projects = new(Repository.Find());

    [Theory]
    [InlineData("cli", "Cli.Tests.csproj")]
    [InlineData("Vm", "Vm.Tests.csproj")]
    public void Room_IsAFolderUnderTests(string filter, string project)
    {
        TestSelection selection = _projects.Select(filter);

        Assert.Equal(project, Path.GetFileName(Assert.Single(selection.Projects)));
        Assert.Null(selection.NamePart);
        Assert.True(selection.HasRoom(filter.ToUpperInvariant()));
    }

    [Fact]
    public void RoomWithSeveralProducts_HasAFolderForEach() =>
        Assert.Equal(
            ["Analyzers.Contracts.Tests.csproj", "Analyzers.Package.Tests.csproj", "Analyzers.Tests.csproj"],
            _projects.Select("analyzers").Projects.Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void WithoutFilter_EveryProjectIsChosen() =>
        Assert.Equal(_projects.Rooms.Count(), _projects.Select(null).Projects.Count);

    [Theory]
    [InlineData("LiveRowsTests")]
    [InlineData("Atoll.Cli.Tests.Running.LiveRowsTests.Rows_AreInOrderOfCores")]
    [InlineData("liverowstests.rows")]
    public void PartOfAName_ChoosesTheProjectsThatMayHoldIt(string filter)
    {
        TestSelection selection = _projects.Select(filter);

        Assert.Equal(["Cli.Tests.csproj"], selection.Projects.Select(Path.GetFileName));
        Assert.Equal(filter, selection.NamePart);
    }

    [Fact]
    public void NameThatNoSourceHas_ChoosesNothing() =>
        Assert.Empty(_projects.Select($"T{Guid.NewGuid():N}").Projects);
}
