using System.Reflection;
using Atoll.Kernel.Tests.Multikernel.Defects;
using Atoll.Planting;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>The product's rooms and their simulations, compiled in memory for 1024 instances, with marks in what instances say to each other.</summary>
internal sealed class WideRooms
{
    /// <summary>Most cores of a machine.</summary>
    public const int CoresMost = 1024;

    private const string Limit = "InstanceCountMax = 255";

    private static readonly string[] s_rooms = ["Base", .. SimulatedSources.Rooms];

    private static readonly string[] s_marked =
    [
        "kernel/Channels/", "kernel/Coordinator/", "kernel/Instance/", "kernel/Links/", "kernel/Members/", "kernel/Programs/ChannelTurn",
        "kernel/Programs/Remote", "kernel/Provision/", "kernel/Remote/",
    ];

    private readonly MarkedSources _marks = new();
    private readonly PlantedSources _sources;

    /// <summary>Reads the sources.</summary>
    public WideRooms()
    {
        string[] places = SimulatedSources.Places(s_rooms, [.. SimulationSearch.Files, "Simulations/Marks", "Simulations/EfficiencyRun"]);
        IReadOnlyDictionary<string, string> texts = PlantedSources.Files(places, file => Path.GetFileName(file) == "EntryPoints.cs");
        Assert.Single(texts, text => text.Value.Contains(Limit, StringComparison.Ordinal));
        _sources = new PlantedSources(
            "Atoll.Syscall",
            texts.ToDictionary(text => text.Key, text => Edited(text.Key, text.Value)),
            ["System", "System.Collections.Generic", "System.IO", "System.Linq", "Xunit"],
            name => !s_rooms.Contains(Path.GetFileNameWithoutExtension(name).Replace("Atoll.", "", StringComparison.Ordinal)) && IsUsed(name));
    }

    /// <summary>Where the marks are.</summary>
    public IReadOnlyList<string> Places => _marks.Places;

    /// <summary>Compiles them and looks.</summary>
    public string? Run(TimeSpan patience, Func<Assembly, string?> look) => _sources.FindNothing(patience, look);

    private string Edited(string file, string text)
    {
        string wide = text.Replace(Limit, $"InstanceCountMax = {CoresMost}", StringComparison.Ordinal);
        return s_marked.Any(place => file.StartsWith(place, StringComparison.Ordinal)) ? _marks.Mark(file, wide) : wide;
    }

    private static bool IsUsed(string name) => name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("xunit.", StringComparison.Ordinal)
        || name is "Atoll.Abi.dll" or "Atoll.Arch.dll" or "Atoll.Mm.dll" or "Atoll.Ipc.dll";
}
