using Atoll.Cli.Workspace;

namespace Atoll.Cli.Testing;

/// <summary>A copy of the sources for something that writes into them or into what is built of them.</summary>
public sealed class SourceTree(Repository repository, string root)
{
    private static readonly string[] s_left = ["artifacts", ".git"];

    /// <summary>Its top folder.</summary>
    public string Root { get; } = root;

    /// <summary>Makes the copy equal to the sources. What has not changed is not touched, so that what was built of it holds.</summary>
    public void Update()
    {
        HashSet<string> files = [.. Files(repository.Root)];
        foreach (string gone in Files(Root).Where(file => !files.Contains(file)).ToList())
        {
            File.Delete(Path.Combine(Root, gone));
        }

        foreach (string file in files)
        {
            Copy(repository.In(file), Path.Combine(Root, file));
        }
    }

    private static void Copy(string source, string target)
    {
        byte[] content = File.ReadAllBytes(source);
        if (File.Exists(target) && content.AsSpan().SequenceEqual(File.ReadAllBytes(target)))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, content);
    }

    private static IEnumerable<string> Files(string root) => !Directory.Exists(root)
        ? []
        : Directory.EnumerateFileSystemEntries(root)
            .Where(entry => !s_left.Contains(Path.GetFileName(entry)))
            .SelectMany(entry => File.Exists(entry) ? [entry] : Directory.EnumerateFiles(entry, "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(root, file));
}
