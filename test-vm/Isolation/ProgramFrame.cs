namespace Atoll.TestVm.Isolation;

/// <summary>One frame as one program has it.</summary>
/// <param name="Core">Core of the program.</param>
/// <param name="Program">Root of its tables.</param>
/// <param name="Page">The page of its half.</param>
/// <param name="Frame">The frame, one of the page's.</param>
internal sealed record ProgramFrame(int Core, ulong Program, Mapping Page, ulong Frame)
{
    private const ulong PageSizeBytes = 4096;

    /// <summary>All that programs have, frame by frame.</summary>
    internal static ILookup<ulong, ProgramFrame> All(IReadOnlyList<InstanceSpace> spaces)
    {
        IEnumerable<ProgramFrame> all =
            from space in spaces
            from program in space.Programs
            from page in program.Mappings.Where(ProgramPageCheck.IsProgram)
            from offset in Enumerable.Range(0, (int)(page.SizeBytes / PageSizeBytes))
            select new ProgramFrame(space.Core, program.Root, page, page.Physical + ((ulong)offset * PageSizeBytes));
        return all.ToLookup(use => use.Frame);
    }
}
