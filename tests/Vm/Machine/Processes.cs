namespace Atoll.Vm.Tests.Machine;

/// <summary>Tests that start processes run one after the other.</summary>
/// <remarks>
/// Virtual machines must not starve each other. And a script that is just being written cannot be executed
/// (ETXTBSY) while a process forked at the same time still holds its descriptor.
/// </remarks>
internal static class Processes
{
    /// <summary>Name of the collection.</summary>
    public const string Collection = "processes";
}
