namespace Atoll.Contracts.Generator;

/// <summary>The framework as a compiler sees it.</summary>
internal static class ReferenceAssemblies
{
    /// <summary>Its files.</summary>
    public static IReadOnlyList<string> Find()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        string folder = Directory.EnumerateDirectories(packs).Select(version => Path.Combine(version, "ref", $"net{Environment.Version.Major}.0"))
            .Where(Directory.Exists).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new DirectoryNotFoundException($"no reference assemblies under {packs}: install the .NET SDK");
        return [.. Directory.EnumerateFiles(folder, "*.dll")];
    }
}
