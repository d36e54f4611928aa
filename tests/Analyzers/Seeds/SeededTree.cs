using Atoll.Analyzers.Tests.Harness;
using Atoll.Image.Tests;

namespace Atoll.Analyzers.Tests.Seeds;

/// <summary>Copies of the sources in which seeds are planted and built.</summary>
public sealed class SeededTree : IDisposable
{
    private const string Caller = "kernel/Boot/EarlyBoot.cs";
    private const string CallAfter = "        BootReport.Phase(\"entry\"u8);\n";
    private const string Image = "kernel/Image/Image.csproj";

    private readonly Dictionary<string, Verdict> _alone = [];
    private readonly Lazy<string> _ruled;
    private readonly Lazy<SourceCopy> _unruledCopy;
    private readonly Lazy<(Verdict Verdict, string Map)> _accepted;

    /// <summary>Nothing is copied or built before it is asked for.</summary>
    public SeededTree()
    {
        _ruled = new(BuildRuled);
        _unruledCopy = new(() =>
        {
            var copy = new SourceCopy("unruled");
            RemoveRules(copy.Root);
            return copy;
        });
        _accepted = new(BuildAccepted);
    }

    /// <summary>What the compiler says about kernel/Boot with the rules and every seed in it.</summary>
    public string RuledOutput => _ruled.Value;

    /// <summary>Builds the image with a seed and without the rules.</summary>
    /// <remarks>Seeds that nobody is expected to reject share one image, and each must be in it.</remarks>
    public Verdict BuildAlone(Seed seed)
    {
        Verdict verdict = seed.Alone == ToolChain.Nobody ? JudgeShared(seed) : JudgeOwn(seed);
        _alone[seed.Id] = verdict;
        return verdict;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SeedReport.WriteIfAccepted(_alone);
        if (_unruledCopy.IsValueCreated)
        {
            _unruledCopy.Value.Dispose();
        }
    }

    /// <summary>Says whether a seed can be planted in a tree.</summary>
    public static bool Applies(Seed seed, string root) =>
        Occurrences(root, Caller, CallAfter) == 1 && seed.Edits.All(edit => Occurrences(root, edit.Path, edit.Find) == 1);

    private static int Occurrences(string root, string path, string text) =>
        File.ReadAllText(Path.Combine(root, path)).Split(text).Length - 1;

    private static string BuildRuled()
    {
        using var copy = new SourceCopy("ruled");
        using var planted = new Planting(copy.Root);
        Plant(planted, SeedCatalog.All);
        string[] lines = Build(copy.Root, "kernel/Boot/Boot.csproj").Output.Split('\n');
        return string.Join('\n', lines.Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct());
    }

    private (Verdict Verdict, string Map) BuildAccepted()
    {
        string root = _unruledCopy.Value.Root;
        using var planted = new Planting(root);
        Plant(planted, SeedCatalog.All.Where(seed => seed.Alone == ToolChain.Nobody));
        Verdict verdict = Judge(root);
        return (verdict, verdict.By == ToolChain.Nobody ? File.ReadAllText(Path.Combine(root, "artifacts", "atoll.map")) : "");
    }

    private Verdict JudgeShared(Seed seed)
    {
        (Verdict verdict, string map) = _accepted.Value;
        return verdict.By != ToolChain.Nobody || map.Contains(seed.Symbol, StringComparison.Ordinal)
            ? verdict
            : throw new InvalidOperationException($"{seed.Symbol} is not in the image");
    }

    private Verdict JudgeOwn(Seed seed)
    {
        string root = _unruledCopy.Value.Root;
        using var planted = new Planting(root);
        Plant(planted, [seed]);
        return Judge(root);
    }

    private static void Plant(Planting tree, IEnumerable<Seed> seeds)
    {
        foreach (Seed seed in seeds)
        {
            tree.Write(seed.Path, seed.Text);
            tree.Replace(Caller, CallAfter, $"{CallAfter}        {seed.Call}\n");
            foreach ((string path, string text) in seed.Files)
            {
                tree.Write(path, text);
            }

            foreach ((string path, string find, string replace) in seed.Edits)
            {
                tree.Replace(path, find, replace);
            }
        }
    }

    // The rooms keep their profile and lose the rules and the gate.
    private static void RemoveRules(string root)
    {
        File.WriteAllText(
            Path.Combine(root, "kernel", "Directory.Build.targets"),
            """
            <Project>
              <ItemGroup Condition="'$(IsHostRoom)' != 'True' and '$(MSBuildProjectName)' != 'Image'">
                <Compile Include="$(MSBuildThisFileDirectory)KernelProfile.cs" Link="KernelProfile.cs" />
              </ItemGroup>
            </Project>
            """);
        string native = Path.Combine(root, "kernel", "Image", "Native.targets");
        File.WriteAllText(native, File.ReadAllText(native).Replace(";RequirePlainRooms;RequireRuleProofs", "", StringComparison.Ordinal));
    }

    // Warnings reject nothing.
    private static Verdict Judge(string root) => Verdict.Of(Build(root, Image, "-p:TreatWarningsAsErrors=false"));

    private static (int ExitCode, string Output) Build(string root, string project, params string[] more) => DotNetCommand.Run(
        root, ["build", project, "-c", "Release", "-m:2", "-nodeReuse:false", "-nologo", "-tl:off", "-v:minimal", .. more]);
}
