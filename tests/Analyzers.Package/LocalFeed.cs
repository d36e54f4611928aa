using System.Diagnostics;

namespace Atoll.Package.Tests;

/// <summary>A folder with the packages as <c>./build.sh pack</c> makes them, under a version that no cache can have.</summary>
public sealed class LocalFeed : IDisposable
{
    private static readonly string[] s_projects = ["Atoll.Analyzers.Package", "Atoll.Analyzers.Testing"];

    /// <summary>Packs.</summary>
    public LocalFeed()
    {
        Root = Directory.CreateTempSubdirectory("atoll-package-").FullName;
        Folder = Path.Combine(Root, "feed");
        Version = $"0.1.0-test{Environment.ProcessId}{Stopwatch.GetTimestamp() % 1_000_000}";
        foreach (string project in s_projects)
        {
            (int code, string output) = DotNet.Run(
                RepositoryRoot, "pack", Path.Combine("analyzers", project), "-c", "Release", "--no-build", "-o", Folder, $"-p:Version={Version}", "-v", "quiet");
            Assert.True(code == 0, output);
        }
    }

    /// <summary>The repository.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Where the test may write.</summary>
    public string Root { get; }

    /// <summary>The packages.</summary>
    public string Folder { get; }

    /// <summary>Their version.</summary>
    public string Version { get; }

    /// <summary>The path of one package.</summary>
    public string PathOf(string id) => Path.Combine(Folder, $"{id}.{Version}.nupkg");

    /// <summary>Copies a sample, and lets it find the packages.</summary>
    public string CopySample(string name)
    {
        string target = Path.Combine(Root, name);
        string source = Path.Combine(RepositoryRoot, "tests", "Analyzers.Package", "Samples", name);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(file).Replace("$ATOLL$", Version, StringComparison.Ordinal));
        }

        File.WriteAllText(Path.Combine(target, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="atoll" value="{Folder}" /></packageSources>
            </configuration>
            """);

        // Nothing of this repository's settings.
        File.WriteAllText(Path.Combine(target, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(target, "Directory.Packages.props"), "<Project />");
        return target;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no repository above {AppContext.BaseDirectory}");
    }
}

/// <summary>Tests that share one feed.</summary>
[CollectionDefinition(Name)]
public sealed class LocalFeedCollection : ICollectionFixture<LocalFeed>
{
    /// <summary>Its name.</summary>
    public const string Name = "local feed";
}
