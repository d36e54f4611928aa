namespace Atoll.Vm.Tests;

/// <summary>The repository that the tests were built in.</summary>
internal static class SourceTree
{
    /// <summary>Its top folder.</summary>
    public static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("no global.json above the tests");
        }

        return folder.FullName;
    }
}
