using System.Diagnostics;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Makes a kernel image: C# compiler and analyzers, ILC, linker, all run by the image's project.</summary>
public sealed class ImageBuild
{
    private static readonly string[] s_sources =
        ["kernel", "analyzers", "linker", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly Repository _repository;
    private readonly SourceStamp _stamp;
    private readonly string _name;
    private readonly string _project;

    private ImageBuild(Repository repository, string name, string project)
    {
        _repository = repository;
        _stamp = new SourceStamp(repository, name, s_sources);
        _name = name;
        _project = project;
    }

    private string[] Outputs =>
        [.. new[] { "elf", "map", "proof.txt" }.Select(extension => _repository.In("artifacts", $"{_name}.{extension}"))];

    /// <summary>The product's image.</summary>
    public static ImageBuild Product(Repository repository) => new(repository, "atoll", "kernel/Image/Image.csproj");

    /// <summary>The image for tests: the product's rooms and the trials.</summary>
    public static ImageBuild Trials(Repository repository) => new(repository, "atoll-trials", "kernel/TrialImage/TrialImage.csproj");

    /// <summary>Builds unless the image is there and made from the present sources.</summary>
    /// <exception cref="UserException">The build failed.</exception>
    public void Run()
    {
        string digest = _stamp.Digest();
        if (_stamp.Matches(digest) && Array.TrueForAll(Outputs, File.Exists))
        {
            return;
        }

        Progress.Say($"building the image {_name}.elf");
        long start = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(_repository.Artifacts);
        _stamp.Clear();
        Build();
        _stamp.Write(digest);
        Progress.Say($"image built in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private void Build()
    {
        Dotnet.Build(_project, $"the image {_name}.elf");
        foreach (string file in Outputs)
        {
            if (!File.Exists(file))
            {
                throw new UserException($"the build succeeded without making {Path.GetRelativePath(_repository.Root, file)}");
            }
        }
    }
}
