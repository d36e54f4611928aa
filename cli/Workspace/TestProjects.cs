using System.Xml.Linq;

namespace Atoll.Cli.Workspace;

/// <summary>The test projects under <c>tests/</c>: one folder for each room of the product.</summary>
public sealed class TestProjects(Repository repository)
{
    /// <summary>Whether a word names a room rather than a test.</summary>
    public bool IsRoom(string word) => Folders(word).Any();

    /// <summary>Projects of one room, or all.</summary>
    public IReadOnlyList<string> Find(string? room)
    {
        IEnumerable<string> folders = room is null ? [repository.In("tests")] : Folders(room);
        return [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes a solution of these projects, so that one build and one run take them all.</summary>
    /// <returns>Its path.</returns>
    public string WriteSolution(IEnumerable<string> projects)
    {
        string path = repository.In("artifacts", "tests.slnx");
        Directory.CreateDirectory(repository.Artifacts);
        new XElement(
            "Solution",
            projects.Select(project => new XElement(
                "Project", new XAttribute("Path", Path.GetRelativePath(repository.Artifacts, project).Replace('\\', '/')))))
            .Save(path);
        return path;
    }

    // A room with several products has a folder for each: Analyzers, Analyzers.Contracts, Analyzers.Package.
    private IEnumerable<string> Folders(string room) => Directory.EnumerateDirectories(repository.In("tests"))
        .Where(folder => string.Equals(Path.GetFileName(folder), room, StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(folder).StartsWith(room + ".", StringComparison.OrdinalIgnoreCase));
}
