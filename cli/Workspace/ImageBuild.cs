using System.Diagnostics;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Makes a kernel image: C# compiler and analyzers, ILC, linker, all run by the image's project.</summary>
public sealed class ImageBuild
{
    private static readonly string[] s_kernel =
        ["kernel", "analyzers", "linker", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly Repository _repository;
    private readonly SourceStamp _stamp;
    private readonly string _name;
    private readonly string _project;

    private readonly string[] _outputs;

    private ImageBuild(Repository repository, string name, string project, IReadOnlyList<string> sources, params IReadOnlyList<string> outputs)
    {
        _repository = repository;
        _stamp = new SourceStamp(repository, name, [.. sources]);
        _name = outputs[0];
        _project = project;
        _outputs = [.. outputs.Select(file => repository.In("artifacts", file))];
    }

    /// <summary>The product's image.</summary>
    public static ImageBuild Product(Repository repository) => Kernel(repository, "atoll", "kernel/Image/Image.csproj");

    /// <summary>The image for tests: the product's rooms and the trials.</summary>
    public static ImageBuild Trials(Repository repository) => Kernel(repository, "atoll-trials", "kernel/TrialImage/TrialImage.csproj");

    /// <summary>The product, but for its system calls: all take the long way.</summary>
    public static ImageBuild LongWay(Repository repository) => Kernel(repository, "atoll-long-way", "kernel/LongWayImage/LongWayImage.csproj");

    /// <summary>The tests that run as a program, in a bundle of their own.</summary>
    public static ImageBuild Suite(Repository repository) =>
        new(repository, "suite", "services/Suite/Program/Suite.Program.csproj", [.. s_kernel, "services"], "suite.bundle");

    private static ImageBuild Kernel(Repository repository, string name, string project) =>
        new(repository, name, project, s_kernel, $"{name}.elf", $"{name}.map", $"{name}.proof.txt");

    /// <summary>Builds unless the image is there and made from the present sources.</summary>
    /// <exception cref="UserException">The build failed.</exception>
    public void Run()
    {
        string digest = _stamp.Digest();
        if (_stamp.Matches(digest) && Array.TrueForAll(_outputs, File.Exists))
        {
            return;
        }

        Progress.Say($"building the image {_name}");
        long start = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(_repository.Artifacts);
        _stamp.Clear();
        Build();
        _stamp.Write(digest);
        Progress.Say($"image built in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private void Build()
    {
        Dotnet.Build(_project, $"the image {_name}");
        foreach (string file in _outputs)
        {
            if (!File.Exists(file))
            {
                throw new UserException($"the build succeeded without making {Path.GetRelativePath(_repository.Root, file)}");
            }
        }
    }
}
