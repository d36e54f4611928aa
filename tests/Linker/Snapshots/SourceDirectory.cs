using System.Runtime.CompilerServices;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>Finds a test's own folder in the working copy.</summary>
internal static class SourceDirectory
{
    /// <summary>What the build puts in place of the repository's path (PathMap in Directory.Build.props).</summary>
    private const string MappedRoot = "/_/";

    /// <summary>Directory of the calling source file.</summary>
    public static string OfCaller([CallerFilePath] string sourceFile = "") => Of(sourceFile);

    /// <summary>Directory of a source file whose path the compiler recorded.</summary>
    public static string Of(string compiledPath)
    {
        if (!compiledPath.StartsWith(MappedRoot, StringComparison.Ordinal))
        {
            return Path.GetDirectoryName(compiledPath)!;
        }

        return Path.GetDirectoryName(Path.Combine(RepositoryRoot(), compiledPath[MappedRoot.Length..]))!;
    }

    /// <summary>Root of the repository that the tests run in.</summary>
    public static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Directory.Packages.props")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new InvalidOperationException("The tests run outside the repository that they were built in.");
    }
}
