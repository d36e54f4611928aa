using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Scripts;

/// <summary>A copy of the checkout in a folder with a name that is hard on scripts.</summary>
public sealed class CheckoutCopy : IDisposable
{
    private static readonly string[] s_parts =
    [
        "analyzers", "bench", "cli", "kernel", "linker", "services", "test-vm", ".config",
        "build.sh", "build.ps1", "global.json", "Directory.Build.props", "Directory.Packages.props",
    ];

    private static readonly string[] s_built =
    [
        "artifacts/bin/cli", "artifacts/cli.stamp", "artifacts/atoll.stamp",
        "artifacts/atoll.elf", "artifacts/atoll.map", "artifacts/atoll.proof.txt", "artifacts/atoll-trials.stamp",
        "artifacts/atoll-trials.elf", "artifacts/atoll-trials.map", "artifacts/atoll-trials.proof.txt",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atoll-");

    /// <summary>Copies.</summary>
    /// <param name="isBuilt">With the host program and the images, so that none needs to be built.</param>
    public CheckoutCopy(bool isBuilt)
    {
        Repository repository = Script.Repository;
        Root = Path.Combine(_folder.FullName, "br[1] x");
        foreach (string part in (string[])[.. s_parts, .. isBuilt ? s_built : []])
        {
            string source = repository.In(part);
            if (File.Exists(source))
            {
                Copy(source, Path.Combine(Root, part));
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                Copy(file, Path.Combine(Root, Path.GetRelativePath(repository.Root, file)));
            }
        }

        if (isBuilt)
        {
            // The folders of the copy are younger than all that was built.
            File.SetLastWriteTimeUtc(Path.Combine(Root, "artifacts", "cli.stamp"), DateTime.UtcNow);
        }
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target);
    }
}
