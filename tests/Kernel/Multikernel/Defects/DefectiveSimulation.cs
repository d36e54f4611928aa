using System.Globalization;
using Atoll.Kernel.Tests.Defects;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Kernel.Tests.Multikernel.Hangs;
using Atoll.Kernel.Tests.Multikernel.Remote;
using Atoll.Kernel.Tests.Multikernel.Simulations;

namespace Atoll.Kernel.Tests.Multikernel.Defects;

/// <summary>A simulation, and the wrong edits of the product that it must find.</summary>
internal sealed class DefectiveSimulation
{
    private readonly Lazy<DefectiveRooms> _rooms;
    private readonly DefectPage _page;
    private int _soundSeeds;

    private DefectiveSimulation(string name, string what, IReadOnlyList<PlantedDefect> defects, Func<DefectiveRooms> rooms)
    {
        Name = name;
        Defects = defects;
        _rooms = new Lazy<DefectiveRooms>(rooms);
        _page = new DefectPage(
            $"{name.ToLowerInvariant()}-defects.md", $"Defects planted in {what}", $"ATOLL_ACCEPT=1 dotnet test tests/Kernel --filter 'Category=Long&DisplayName~{name}'", defects);
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DefectiveSimulation> All { get; } =
    [
        new(
            "Channels", "what opens, rings and ends channels", ChannelDefects.All,
            () => SimulatedSources.For(typeof(ChannelRun), "ChannelMachine", "Channels/ChannelRun", "Channels/SimulatedPrograms"))
        {
            Seeds = 400,
            Steps = 400,
        },
        new(
            "Remote", "what gives, takes and revokes capabilities across kernels", RemoteDefects.All,
            () => SimulatedSources.For(typeof(RemoteRun), SimulationSearch.RemoteFiles))
        {
            Seeds = 400,
            Steps = 600,
        },
        new("Hangs", "what watches for members that hang", HangDefects.All, () => SimulatedSources.For(typeof(HangRun), "MachineAccounts", "Hangs/HangRun"))
        {
            Seeds = 200,
            Steps = 4,
        },
    ];

    /// <summary>Its name: that of the simulation.</summary>
    public string Name { get; }

    /// <summary>The edits.</summary>
    public IReadOnlyList<PlantedDefect> Defects { get; }

    /// <summary>Seeds that are tried.</summary>
    public required int Seeds { get; init; }

    /// <summary>Steps, or most hangs, of each.</summary>
    public required int Steps { get; init; }

    /// <summary>The one of a name.</summary>
    public static DefectiveSimulation Of(string name) => All.Single(simulation => simulation.Name == name);

    /// <summary>Compiled the same way, without an edit.</summary>
    /// <param name="seeds">Seeds that are tried; those that have passed before are not tried again.</param>
    /// <returns>null when nothing is found.</returns>
    public string? RunSound(int seeds)
    {
        string? failure = seeds <= _soundSeeds ? null : _rooms.Value.Run(defect: null, seeds, Steps);
        _soundSeeds = failure is null && seeds > _soundSeeds ? seeds : _soundSeeds;
        return failure;
    }

    /// <summary>Why an edit would show nothing; null: it fits.</summary>
    public string? Fault(PlantedDefect defect) => _rooms.Value.Fault(defect);

    /// <summary>Looks for an edit. A seed that fails without it finds nothing, nor does any behind it.</summary>
    /// <returns>What is found first; null: nothing.</returns>
    public string? Find(PlantedDefect defect)
    {
        string? failure = _rooms.Value.Run(defect, Seeds, Steps);
        if (failure is not null)
        {
            string? sound = RunSound(SeedOf(failure));
            Assert.True(sound is null, $"{defect.Name}: not found before {sound}\nthat is without it");
            _page.Add(defect, failure);
        }

        return failure;
    }

    // "seed 7: …" (SeedSearch).
    private static int SeedOf(string failure) =>
        int.Parse(failure.AsSpan("seed ".Length, failure.IndexOf(':', StringComparison.Ordinal) - "seed ".Length), CultureInfo.InvariantCulture);
}
