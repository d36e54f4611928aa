using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Terminal;

/// <summary>Says on which machines a scenario runs, each kind of machine once.</summary>
public static class ShapeList
{
    /// <summary>For people: <c>q35 with 1, 2, 4 cores; pc with 2 cores, 8192 MiB</c>. 64 MiB go without saying.</summary>
    public static string Text(IEnumerable<VmShape> shapes) => string.Join("; ", shapes
        .GroupBy(shape => (shape.Machine, shape.Icount))
        .Select(group => $"{group.Key.Machine}{(group.Key.Icount ? " with icount" : "")}: {Sizes([.. group])}"));

    private static string Sizes(IReadOnlyList<VmShape> shapes) => string.Join(", ", shapes
        .GroupBy(shape => (shape.MemoryMiB, shape.IsLong))
        .Select(group => Cores([.. group.Select(shape => shape.Cores).Distinct().Order()])
            + (group.Key.MemoryMiB == VmShape.MemoryMiBUsual ? "" : $" with {group.Key.MemoryMiB} MiB")
            + (group.Key.IsLong ? " (long)" : "")));

    private static string Cores(IReadOnlyList<int> counts) =>
        $"{string.Join('/', counts)} core{(counts is [1] ? "" : "s")}";
}
