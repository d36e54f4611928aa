using System.Xml.Linq;

namespace Atoll.Cli.Workspace;

/// <summary>The test projects under <c>tests/</c>: one folder for each room of the product.</summary>
public sealed class TestProjects(Repository repository)
{
    /// <summary>Whether a word names a room rather than a test.</summary>
    public bool IsRoom(string word) => Folder(word) is not null;

    /// <summary>Projects of one room, or all.</summary>
    public IReadOnlyList<string> Find(string? room)
    {
        string folder = room is null ? repository.In("tests") : Folder(room)!;
        return [.. Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
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

    private string? Folder(string room) => Directory.EnumerateDirectories(repository.In("tests"))
        .FirstOrDefault(folder => string.Equals(Path.GetFileName(folder), room, StringComparison.OrdinalIgnoreCase));
}
