using System.Reflection;
using Atoll.Planting;

namespace Atoll.Kernel.Tests.Defects;

/// <summary>Rooms of the kernel and their model test, compiled in memory with one edit, and run.</summary>
internal sealed class DefectiveRooms
{
    // Hundreds of seeds, on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private readonly string _folder;
    private readonly string _entry;
    private readonly PlantedSources _sources;

    /// <summary>Reads the sources.</summary>
    /// <param name="folder">Where the files of defects lie.</param>
    /// <param name="rooms">Assemblies that are compiled instead of referenced.</param>
    /// <param name="sources">Folders and files that are compiled.</param>
    /// <param name="entry">Type with the method RunMany.</param>
    /// <param name="namespaces">Namespaces that all sources use, besides those of every test.</param>
    /// <param name="text">What becomes of the text of each source; null: it stays.</param>
    internal DefectiveRooms(string folder, string[] rooms, string[] sources, string entry, string[]? namespaces = null, Func<string, string>? text = null)
    {
        _folder = folder;
        _entry = entry;

        // Under the name of the room to which Arch shows its ports; the entries of an image are not compiled for the host.
        _sources = new PlantedSources(
            "Atoll.Syscall",
            PlantedSources.Files(sources, file => Path.GetFileName(file) == "EntryPoints.cs").ToDictionary(file => file.Key, file => text is null ? file.Value : text(file.Value)),
            ["System", "System.Collections.Generic", "System.Linq", "Xunit", .. namespaces ?? []],
            name => !rooms.Contains(name) && IsUsed(name));
    }

    /// <summary>Why an edit would show nothing; null: it fits.</summary>
    internal string? Fault(PlantedDefect defect) => _sources.Fault(NameOf(defect), defect.Find, defect.Replace);

    /// <summary>Runs the model test.</summary>
    /// <param name="defect">What to plant; null: nothing.</param>
    /// <param name="seeds">Seeds that are tried.</param>
    /// <param name="steps">Steps of each.</param>
    /// <returns>null when nothing was found, else which seed failed at which step, and how.</returns>
    internal string? Run(PlantedDefect? defect, int seeds, int steps) => defect is null
        ? _sources.FindNothing(s_patience, assembly => RunMany(assembly, seeds, steps))
        : _sources.Find(NameOf(defect), defect.Find, defect.Replace, s_patience, assembly => RunMany(assembly, seeds, steps));

    private string? RunMany(Assembly assembly, int seeds, int steps) =>
        (string?)assembly.GetType(_entry)!.GetMethod("RunMany")!.Invoke(null, [seeds, steps]);

    private static bool IsUsed(string name) => name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("xunit.", StringComparison.Ordinal)
        || name is "Atoll.Abi.dll" or "Atoll.Arch.dll" or "Atoll.Base.dll" or "Atoll.Mm.dll" or "Atoll.Ipc.dll";

    private string NameOf(PlantedDefect defect) => $"{_folder}/{defect.File}";
}
