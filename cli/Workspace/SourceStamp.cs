using System.Security.Cryptography;
using System.Text;

namespace Atoll.Cli.Workspace;

/// <summary>Tells by content whether the sources of something built are still those it was built from.</summary>
/// <remarks>By content and not by time: a branch switched there and back needs no rebuild, and no clock is trusted.</remarks>
public sealed class SourceStamp(Repository repository, string name, IReadOnlyList<string> sources)
{
    private string StampFile => repository.In("artifacts", name + ".stamp");

    /// <summary>Digest of the path and content of every source.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in sources.SelectMany(Files).Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(repository.In(file));
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether <paramref name="digest"/> is the one noted at the last build.</summary>
    public bool Matches(string digest) => File.Exists(StampFile) && File.ReadAllText(StampFile) == digest;

    /// <summary>Notes a build from these sources.</summary>
    public void Write(string digest) => File.WriteAllText(StampFile, digest);

    /// <summary>Forgets the last build, so that one that breaks off leaves nothing that looks whole.</summary>
    public void Clear() => File.Delete(StampFile);

    private IEnumerable<string> Files(string source)
    {
        string path = repository.In(source);
        if (File.Exists(path))
        {
            return [source];
        }

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(repository.Root, file))
            : [];
    }
}
