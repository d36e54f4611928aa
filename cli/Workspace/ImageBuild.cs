using System.Diagnostics;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Workspace;

/// <summary>Makes the kernel image: C# compiler and analyzers, ILC, linker, all run by kernel/Image/Image.csproj.</summary>
public sealed class ImageBuild(Repository repository)
{
    private static readonly string[] s_sources =
        ["kernel", "analyzers", "linker", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly SourceStamp _stamp = new(repository, "atoll", s_sources);

    private string[] Outputs => [repository.Image, repository.Map, repository.ProofSummary];

    /// <summary>Builds unless the image is there and made from the present sources.</summary>
    /// <exception cref="UserException">The build failed.</exception>
    public void Run()
    {
        string digest = _stamp.Digest();
        if (_stamp.Matches(digest) && Array.TrueForAll(Outputs, File.Exists))
        {
            return;
        }

        Progress.Say("building the image");
        long start = Stopwatch.GetTimestamp();
        Directory.CreateDirectory(repository.Artifacts);
        _stamp.Clear();
        Build();
        _stamp.Write(digest);
        Progress.Say($"image built in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private void Build()
    {
        Dotnet.Build("kernel/Image/Image.csproj", "the image");
        foreach (string file in Outputs)
        {
            if (!File.Exists(file))
            {
                throw new UserException($"the build succeeded without making {Path.GetRelativePath(repository.Root, file)}");
            }
        }
    }
}
