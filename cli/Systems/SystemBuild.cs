using System.Diagnostics;
using Atoll.Cli.Terminal;
using Atoll.Cli.Workspace;
using Atoll.Linker;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Makes a system ready to boot: reads its description, builds its programs, checks, writes the bundle.</summary>
public sealed class SystemBuild
{
    private static readonly string[] s_sources =
        ["services", "kernel", "analyzers", "linker", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly Repository _repository;
    private readonly string _name;
    private readonly ProgramCatalog _programs;
    private readonly DiagnosticBag _findings = new();

    /// <summary>Prepares.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="name">Name of the system: a file of systems/.</param>
    /// <exception cref="UserException">There is no such system.</exception>
    public SystemBuild(Repository repository, string name)
    {
        _repository = repository;
        _name = name;
        _programs = new ProgramCatalog(repository);
        if (!Names(repository).Contains(name))
        {
            string all = string.Join(", ", Names(repository));
            throw new UserException($"no system '{name}' in systems/{Nearest.Of(name, Names(repository))} There are: {(all.Length == 0 ? "none" : all)}");
        }
    }

    /// <summary>The description, as messages name it.</summary>
    public string File => $"systems/{_name}.toml";

    /// <summary>The bundle, named from the root.</summary>
    public string BundleFromRoot => $"artifacts/systems/{_name}.bundle";

    /// <summary>Names of all systems.</summary>
    public static IReadOnlyList<string> Names(Repository repository)
    {
        string folder = repository.In("systems");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.toml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Reads, builds, checks and writes.</summary>
    /// <returns>The system.</returns>
    /// <exception cref="UserException">Something is wrong: all findings.</exception>
    public SystemPlan Run()
    {
        SystemDescription description = OrStop(Describe());
        string[] images = [ChannelEnd.Init, .. description.Programs.Select(program => program.Image.Value).Distinct().Where(name => name != ChannelEnd.Init)];
        Build(images);
        Dictionary<string, ProgramImage> read = [];
        foreach (string image in images)
        {
            if (ImageCheck.Read(description, image, _programs.Image(image), _programs.Manifest(image), _findings) is { } program)
            {
                read.Add(image, program);
            }
        }

        SystemPlan? plan = _findings.HasAny ? null : SystemCheck.Run(description, read, _findings);
        byte[] bundle = OrStop(plan is null ? null : SystemBundle.Write(plan, read[ChannelEnd.Init], _findings));
        Directory.CreateDirectory(_repository.In("artifacts", "systems"));
        AtomicFile.Write(_repository.In(BundleFromRoot.Split('/')), bundle);
        return plan!;
    }

    private SystemDescription? Describe()
    {
        SystemDescription? description = TomlFile.Load(_repository.In("systems", _name + ".toml"), File, _findings) is { } root
            ? SystemFile.Read(root, _name, _findings)
            : null;
        if (description is not null)
        {
            ImageCheck.ReportUnknown(description, _programs.Names, _findings);
        }

        return _findings.HasAny ? null : description;
    }

    /// <summary>One build for all programs, unless all are there and made from the present sources.</summary>
    private void Build(string[] images)
    {
        if (_programs.Project(ChannelEnd.Init) is null)
        {
            throw new UserException("services/Init has no program.toml or no project: there is no program for the kernel to start");
        }

        SourceStamp stamp = new(_repository, $"systems/{_name}", s_sources);
        string digest = stamp.Digest() + string.Join(',', images);
        if (stamp.Matches(digest) && Array.TrueForAll(images, image => System.IO.File.Exists(_programs.Image(image))))
        {
            return;
        }

        Directory.CreateDirectory(_repository.In("artifacts", "systems"));
        stamp.Clear();
        long start = Stopwatch.GetTimestamp();
        string list = _repository.In("artifacts", "systems", _name + ".proj");
        System.IO.File.WriteAllText(list, ProjectList(images.Select(image => _programs.Project(image)!)));
        Dotnet.Build(list, $"the programs of '{_name}'");
        stamp.Write(digest);
        Progress.Say($"{images.Length} programs built in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    /// <summary>A project that builds others, so that the SDK starts once and what they share is built once.</summary>
    private string ProjectList(IEnumerable<string> projects) =>
        $"""
        <Project DefaultTargets="Build">
          <ItemGroup>
        {string.Join('\n', projects.Select(project => $"    <Program Include=\"{_repository.In(project.Split('/'))}\" />"))}
          </ItemGroup>
          <Target Name="Restore">
            <MSBuild Projects="@(Program)" Targets="Restore" Properties="Configuration=Release" />
          </Target>
          <Target Name="Build">
            <MSBuild Projects="@(Program)" Targets="Build" Properties="Configuration=Release" BuildInParallel="true" />
          </Target>
        </Project>
        """;

    private T OrStop<T>(T? value) where T : class => value ?? throw new UserException(string.Join('\n', _findings.Found));
}
