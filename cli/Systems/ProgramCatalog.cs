using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>The programs of services/: those folders that have a manifest and a project that makes the program.</summary>
/// <remarks>
/// A program is called as its folder, in small letters and with '-' where the manifest has one. A folder whose manifest says another name makes no
/// program for systems (services/Measure makes an Init of its own, for the benchmarks).
/// </remarks>
public sealed class ProgramCatalog
{
    private readonly Repository _repository;
    private readonly SortedDictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Looks into services/.</summary>
    public ProgramCatalog(Repository repository)
    {
        _repository = repository;
        foreach (string folder in Directory.EnumerateDirectories(repository.In("services")).Order(StringComparer.Ordinal))
        {
            string service = Path.GetFileName(folder);
            if (File.Exists(Path.Combine(folder, "program.toml")) && File.Exists(repository.In(ProjectOf(service)))
                && NameIn(folder) is { } name && service.Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            {
                _folders[name] = service;
            }
        }
    }

    /// <summary>Names of all programs.</summary>
    public IReadOnlyCollection<string> Names => _folders.Keys;

    /// <summary>The project that makes a program, relative to the repository; null when there is no such program.</summary>
    public string? Project(string name) => _folders.TryGetValue(name, out string? service) ? ProjectOf(service) : null;

    /// <summary>The manifest that people write, relative to the repository.</summary>
    public string Manifest(string name) => $"services/{_folders[name]}/program.toml";

    /// <summary>The image, whole.</summary>
    public string Image(string name) => _repository.In("artifacts", "programs", name + ".elf");

    private static string ProjectOf(string service) => $"services/{service}/Program/{service}.Program.csproj";

    // What else is wrong with the file, its build says.
    private static string? NameIn(string folder) =>
        TomlFile.Load(Path.Combine(folder, "program.toml"), folder, new DiagnosticBag())?.Find("name")?.Value.Content as string;
}
