using System.Xml.Linq;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Testing;

/// <summary>The test projects under <c>tests/</c>: one folder for each room of the product.</summary>
public sealed class TestProjects(Repository repository)
{
    /// <summary>Every room, as its folder is called.</summary>
    public IEnumerable<string> Rooms => Directory.EnumerateDirectories(repository.In("tests"))
        .Where(folder => Projects(folder).Any())
        .Select(folder => Path.GetFileName(folder))
        .Order(StringComparer.Ordinal);

    /// <summary>Chooses what to run.</summary>
    /// <param name="filter">A room, a part of tests' full names, or null for all tests.</param>
    public TestSelection Select(string? filter)
    {
        if (filter is null)
        {
            return new TestSelection([.. Projects(repository.In("tests"))], NamePart: null);
        }

        string[] rooms = [.. Rooms.Where(room => IsOf(room, filter))];
        return rooms.Length > 0
            ? new TestSelection([.. rooms.SelectMany(room => Projects(repository.In("tests", room)))], NamePart: null)
            : new TestSelection([.. Projects(repository.In("tests")).Where(project => MayHold(project, filter))], filter);
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
    private static bool IsOf(string folder, string room) =>
        string.Equals(folder, room, StringComparison.OrdinalIgnoreCase) || folder.StartsWith(room + ".", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(folder, "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    // Every word of a full name is written somewhere in the sources of its project: what is not there needs no build to be missed.
    private static bool MayHold(string project, string namePart)
    {
        string[] words = namePart.Split('.', '+');
        HashSet<string> wanted = [.. words];
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            wanted.RemoveWhere(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
            if (wanted.Count == 0)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Tests to run.</summary>
/// <param name="Projects">Their projects.</param>
/// <param name="NamePart">What their full names contain, or null for all tests of the projects.</param>
public sealed record TestSelection(IReadOnlyList<string> Projects, string? NamePart)
{
    /// <summary>Whether one of the rooms, named without regard to case, is among them.</summary>
    public bool HasRoom(params IEnumerable<string> rooms) => Projects
        .Select(project => Path.GetFileName(Path.GetDirectoryName(project)))
        .Any(room => rooms.Contains(room, StringComparer.OrdinalIgnoreCase));
}
