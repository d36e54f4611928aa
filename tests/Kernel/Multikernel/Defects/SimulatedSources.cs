using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Defects;

/// <summary>What a simulated machine is compiled from when the product is edited in memory: the rooms that it runs, and the machine itself.</summary>
internal static class SimulatedSources
{
    private const string Folder = "tests/Kernel/Multikernel/";

    /// <summary>The rooms of the kernel that a simulated machine runs, and that are compiled with it.</summary>
    public static IReadOnlyList<string> Rooms { get; } =
    [
        "Cap", "Sched", "Rendezvous", "Irq", "Channels", "Remote", "Syscall", "Root", "Console", "Firmware", "Instance", "Links", "Trap", "Programs",
        "Workloads", "Members", "Provision", "Coordinator", "Boot", "Trials",
    ];

    /// <summary>Folders and files of some rooms, of the machine, and of a simulation.</summary>
    /// <param name="rooms">Rooms of the kernel.</param>
    /// <param name="simulation">Files of the simulation, from the folder of simulated machines, without their extension.</param>
    public static string[] Places(IEnumerable<string> rooms, params IEnumerable<string> simulation) =>
    [
        .. rooms.Select(room => $"kernel/{room}"), "tests/Kernel/Machine", "tests/Kernel/Provision/SampleImage.cs",
        .. s_machine.Concat(simulation).Select(file => $"{Folder}{file}.cs"),
    ];

    /// <summary>The rooms with a simulation, to be edited and run.</summary>
    /// <param name="run">The simulation: a type with the method RunMany.</param>
    /// <param name="simulation">Its files, as in <see cref="Places"/>.</param>
    public static DefectiveRooms For(Type run, params IEnumerable<string> simulation) => With([], run, simulation);

    /// <summary>The same, with more rooms.</summary>
    /// <param name="more">Rooms that are compiled too, because they are edited.</param>
    /// <param name="run">The simulation.</param>
    /// <param name="simulation">Its files.</param>
    public static DefectiveRooms With(string[] more, Type run, params IEnumerable<string> simulation)
    {
        string[] rooms = [.. Rooms, .. more];
        return new DefectiveRooms("kernel", [.. rooms.Select(room => $"Atoll.{room}.dll")], Places(rooms, simulation), run.FullName!);
    }

    private static readonly string[] s_machine = ["MultikernelCore", "SimulatedMember", "SimulatedMultikernel", "FailureText", "SeedSearch", "Stores/StoreBuffer"];
}
