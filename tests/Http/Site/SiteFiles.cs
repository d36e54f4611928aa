namespace Atoll.Http.Tests.Site;

/// <summary>The files of the site, as they lie in the repository.</summary>
public static class SiteFiles
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRepository();

    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(Root, "services", "Http", "Files", name)).ReplaceLineEndings("\n");

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.sh")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests has build.sh");
    }
}
