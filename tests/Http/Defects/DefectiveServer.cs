using System.Reflection;
using Atoll.Planting;

namespace Atoll.Http.Tests.Defects;

/// <summary>The engine's sources, and all that looks for defects, compiled in memory: as they are, or with one edit.</summary>
public sealed class DefectiveServer
{
    private const string Engine = "services/Http/Engine";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly PlantedSources _sources = new(
        "Atoll.Http.Defective",
        PlantedSources.Files([Engine, "kernel/CoreLib/Atoll", "tests/Http/Machine", "tests/Http/Checks", "tests/Http/Defects/DefectProbe.cs"]),
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading"],
        name => name.StartsWith("System.", StringComparison.Ordinal));

    /// <summary>Why an edit would show nothing; null: it fits.</summary>
    public string? Fault(HttpDefect defect) => _sources.Fault(NameOf(defect), defect.Find, defect.Replace);

    /// <summary>What its finder says of the engine with this defect.</summary>
    public string? Find(HttpDefect defect) =>
        _sources.Find(NameOf(defect), defect.Find, defect.Replace, s_patience, assembly => Look(assembly, defect.Finder));

    /// <summary>What a finder says of the engine as it is.</summary>
    public string? FindNothing(DefectFinder finder) => _sources.FindNothing(s_patience, assembly => Look(assembly, finder));

    private static string? Look(Assembly assembly, DefectFinder finder) =>
        (string?)assembly.GetType(typeof(DefectProbe).FullName!)!.GetMethod(nameof(DefectProbe.Run))!.Invoke(null, [(int)finder]);

    private static string NameOf(HttpDefect defect) => $"{Engine}/{defect.File}";
}
