using System.Reflection;
using Atoll.Planting;

namespace Atoll.Net.Tests.Defects;

/// <summary>The stack's sources, and all that looks for defects, compiled in memory: as they are, or with one edit.</summary>
public sealed class DefectiveStack
{
    private const string Stack = "services/Net/Stack";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly PlantedSources _sources = new(
        "Atoll.Net.Defective",
        PlantedSources.Files([Stack, "kernel/CoreLib/Atoll", "tests/Net/Simulation", "tests/Packetdrill/Machine", "tests/Packetdrill/Scripting",
            "tests/Net/Defects/DefectProbe.cs"]),
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading"],
        name => name.StartsWith("System.", StringComparison.Ordinal));

    /// <summary>Why an edit would show nothing; null: it fits.</summary>
    public string? Fault(TcpDefect defect) => _sources.Fault(NameOf(defect), defect.Find, defect.Replace);

    /// <summary>Text of the script that finds it; nothing for other finders.</summary>
    public static string ScriptOf(string finder) => finder == DefectProbe.Streams
        ? ""
        : File.ReadAllText(Path.Combine(PlantedSources.Root, "tests", "Packetdrill", "Scripts", $"{finder}.pkt")).ReplaceLineEndings("\n");

    /// <summary>What the finder says of the stack with this defect.</summary>
    public string? Find(TcpDefect defect) =>
        _sources.Find(NameOf(defect), defect.Find, defect.Replace, s_patience, assembly => Look(assembly, defect.Finder));

    /// <summary>What the finder says of the stack as it is.</summary>
    public string? FindNothing(string finder) => _sources.FindNothing(s_patience, assembly => Look(assembly, finder));

    private static string? Look(Assembly assembly, string finder) =>
        (string?)assembly.GetType(typeof(DefectProbe).FullName!)!.GetMethod(nameof(DefectProbe.Run))!.Invoke(null, [finder, ScriptOf(finder)]);

    private static string NameOf(TcpDefect defect) => $"{Stack}/{defect.File}";
}
