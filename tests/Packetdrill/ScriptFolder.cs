using Atoll.Packetdrill.Scripting;

namespace Atoll.Packetdrill.Tests;

/// <summary>The scripts of this repository.</summary>
public static class ScriptFolder
{
    private static readonly string s_root = FindRepository();

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(In("tests", "Packetdrill", "Scripts"), "*.pkt").Select(path =>
            Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public static string In(params string[] parts) => Path.Combine([s_root, .. parts]);

    public static string Text(string name) => File.ReadAllText(In("tests", "Packetdrill", "Scripts", $"{name}.pkt"));

    public static Script Read(string name) => Script.Parse($"{name}.pkt", Text(name));

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
