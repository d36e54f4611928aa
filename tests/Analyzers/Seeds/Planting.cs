namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>Changes to the files of a tree, undone at the end.</summary>
internal sealed class Planting(string root) : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    /// <summary>Writes a file, new or over another.</summary>
    public void Write(string path, string text)
    {
        string file = Path.Combine(root, path);
        _before.TryAdd(file, File.Exists(file) ? File.ReadAllText(file) : null);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Replaces text in a file.</summary>
    public void Replace(string path, string find, string replace) =>
        Write(path, File.ReadAllText(Path.Combine(root, path)).Replace(find, replace, StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((string file, string? text) in _before)
        {
            if (text is null)
            {
                File.Delete(file);
            }
            else
            {
                File.WriteAllText(file, text);
            }
        }
    }
}
