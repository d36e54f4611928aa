namespace Atoll.TestVm.Isolation;

/// <summary>Holds a stopped machine against the list of what instances may map. Reports every violation, in words.</summary>
public static class IsolationChecker
{
    /// <summary>Runs every check.</summary>
    public static IReadOnlyList<Violation> Check(MachineView machine)
    {
        IReadOnlyList<InstanceSpace> spaces = machine.Walk();
        List<Violation> found = [];
        foreach (InstanceSpace space in spaces)
        {
            found.AddRange(EnforcementCheck.Run(machine, space));
            found.AddRange(MappingCheck.Run(machine, space));
            found.AddRange(TableCheck.Run(machine, space, spaces));
            found.AddRange(PageListCheck.Run(machine, space));
        }

        found.AddRange(SharingCheck.Run(machine, spaces));
        var channels = new ChannelMap(machine, spaces);
        var lent = new LentFrames(machine, spaces);
        found.AddRange(ProgramPageCheck.Run(machine, spaces, channels, lent));
        found.AddRange(ProgramSharingCheck.Run(spaces, channels, lent));
        found.AddRange(LentFrameCheck.Run(spaces, lent));
        found.AddRange(ChannelCheck.Run(channels));
        return found;
    }
}
