using Atoll.Abi;
using Atoll.Cli.Workspace;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Begins a program: a service with its project, manifest and entry, and a system of its own that runs it.</summary>
public sealed class NewProgram
{
    // What a namespace or a type of this name would hide from every program.
    private static readonly string[] s_hiding = ["system", "program", "atoll", "services", "abi"];

    private readonly Repository _repository;
    private readonly string _name;
    private readonly string _service;

    /// <summary>Checks the name.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="name">Name of the program.</param>
    /// <exception cref="UserException">The name is no good, or taken.</exception>
    public NewProgram(Repository repository, string name)
    {
        _repository = repository;
        _name = name;
        _service = string.Concat(name.Split('-').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        if (WhyNot() is { } why)
        {
            throw new UserException($"no program can be called '{name}': {why}");
        }
    }

    /// <summary>Files that are made, relative to the repository.</summary>
    public IReadOnlyList<(string Path, string Content)> Files =>
    [
        ($"services/{_service}/{_service}.csproj", ProgramTemplate.Project),
        ($"services/{_service}/{_service}Program.cs", ProgramTemplate.Entry(_name, _service)),
        ($"services/{_service}/program.toml", ProgramTemplate.Manifest(_name)),
        ($"services/{_service}/Program/{_service}.Program.csproj", ProgramTemplate.ProgramProject(_name, _service)),
        ($"systems/{_name}.toml", ProgramTemplate.System(_name)),
    ];

    /// <summary>The list of who may use whom (ATL1004). It gets a line for the program.</summary>
    public static string Layers => "kernel/Layers.txt";

    /// <summary>Writes all of them; none is there.</summary>
    public void Write()
    {
        string layers = _repository.In(Layers.Split('/'));
        if (!File.ReadLines(layers).Any(line => line.StartsWith(ProgramTemplate.Layer(_service).Split(':')[0] + ":", StringComparison.Ordinal)))
        {
            File.AppendAllText(layers, ProgramTemplate.Layer(_service));
        }

        foreach ((string path, string content) in Files)
        {
            string file = _repository.In(path.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var stream = new StreamWriter(new FileStream(file, FileMode.CreateNew));
            stream.Write(content);
        }
    }

    private string? WhyNot()
    {
        DiagnosticBag findings = new();
        if (!SectionReader.IsName(_name, new SourceLine("", 1), findings) || _name.EndsWith('-') || _name.Contains("--", StringComparison.Ordinal))
        {
            return $"names have 1 to {ProgramName.SizeBytes - 1} small letters, digits and single '-', and begin with a letter";
        }

        string? folder = Directory.EnumerateDirectories(_repository.In("services"))
            .Select(path => Path.GetFileName(path)!)
            .FirstOrDefault(path => path.Equals(_service, StringComparison.OrdinalIgnoreCase));
        return s_hiding.Contains(_name) ? "its namespace would hide one that every program uses"
            : folder is not null ? $"services/{folder} is there already"
            : File.Exists(_repository.In("systems", _name + ".toml")) ? $"systems/{_name}.toml is there already"
            : null;
    }
}
