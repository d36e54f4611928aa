namespace Atoll.TestVm.Isolation;

/// <summary>What programs share, frame by frame: what nobody can write, and nothing else.</summary>
/// <remarks>A system that declares regions shares those as well; this check is for systems without any.</remarks>
internal static class ProgramSharingCheck
{
    private const ulong PageSizeBytes = 4096;

    public static IEnumerable<Violation> Run(IReadOnlyList<InstanceSpace> spaces)
    {
        ILookup<ulong, Use> uses = Frames(spaces).ToLookup(use => use.Frame);
        foreach (IGrouping<ulong, Use> frame in uses)
        {
            Use? writer = frame.FirstOrDefault(use => use.Page.IsWritable);
            if (writer is null)
            {
                continue;
            }

            foreach (Use other in frame.Where(use => use != writer))
            {
                IsolationRule rule = other.Page.IsExecutable ? IsolationRule.WriteAndExecute : IsolationRule.SharedWritable;
                yield return new Violation(
                    rule, writer.Core,
                    $"program 0x{writer.Program:x}, {writer.Page}: program 0x{other.Program:x} of core {other.Core} has this frame too, at {other.Page}");
            }
        }
    }

    private static IEnumerable<Use> Frames(IReadOnlyList<InstanceSpace> spaces) =>
        from space in spaces
        from program in space.Programs
        from page in program.Mappings.Where(ProgramPageCheck.IsProgram)
        from offset in Enumerable.Range(0, (int)(page.SizeBytes / PageSizeBytes))
        select new Use(space.Core, program.Root, page, page.Physical + ((ulong)offset * PageSizeBytes));

    private sealed record Use(int Core, ulong Program, Mapping Page, ulong Frame);
}
