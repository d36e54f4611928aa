using static Atoll.TestVm.Isolation.IsolationRule;

namespace Atoll.TestVm.Isolation;

/// <summary>Each page of a program is one that it may have; above its own half there is the kernel, as the instance has it.</summary>
internal static class ProgramPageCheck
{
    private const ulong PageSizeBytes = 4096;

    public static IEnumerable<Violation> Run(MachineView machine, IReadOnlyList<InstanceSpace> spaces, ChannelMap channels, LentFrames lent)
    {
        HashSet<ulong> tables = [.. spaces.SelectMany(space => space.Programs.Append(space.Space)).SelectMany(space => space.Tables).Select(table => table.Physical)];
        foreach (InstanceSpace space in spaces)
        {
            foreach (AddressSpace program in space.Programs)
            {
                foreach (Violation violation in CheckKernelHalf(space, program).Concat(CheckTables(space, program)))
                {
                    yield return violation;
                }

                foreach (Mapping page in program.Mappings.Where(IsProgram))
                {
                    foreach ((IsolationRule rule, string words) in CheckPage(page)
                        .Concat(CheckFrames(machine, spaces, space, page, tables, channels, lent)))
                    {
                        yield return new Violation(rule, space.Core, $"program 0x{program.Root:x}, {page}: {words}");
                    }
                }
            }
        }
    }

    /// <summary>Whether a page lies in the programs' half.</summary>
    internal static bool IsProgram(Mapping page) => page.Virtual < InstanceWindow.KernelHalf;

    // Compared page by page and right by right: an entry on the way that takes or gives a right shows in all that lie below it.
    private static IEnumerable<Violation> CheckKernelHalf(InstanceSpace space, AddressSpace program)
    {
        HashSet<(ulong, ulong, string, bool)> own = [.. space.Space.Mappings.Where(page => !IsProgram(page)).Select(Key)];
        HashSet<(ulong, ulong, string, bool)> seen = [.. program.Mappings.Where(page => !IsProgram(page)).Select(Key)];
        if (!own.SetEquals(seen))
        {
            int other = own.Except(seen).Count() + seen.Except(own).Count();
            yield return new Violation(KernelHalf, space.Core, $"program 0x{program.Root:x}: the kernel's half differs from the instance's in {other} pages");
        }
    }

    private static (ulong Virtual, ulong Physical, string Rights, bool IsUser) Key(Mapping page) =>
        (page.Virtual, page.Physical, page.Rights, page.IsUser);

    private static IEnumerable<Violation> CheckTables(InstanceSpace space, AddressSpace program)
    {
        foreach (string defect in program.Defects)
        {
            yield return new Violation(TablePlace, space.Core, $"program 0x{program.Root:x}: {defect}");
        }

        foreach (TablePage table in program.Tables.Where(table => table.FirstVirtual < InstanceWindow.KernelHalf && !space.Grant.Owns(table.Physical)))
        {
            yield return new Violation(
                TablePlace, space.Core, $"program 0x{program.Root:x}: its level {table.Level} table 0x{table.Physical:x} is outside the grant {space.Grant}");
        }
    }

    private static IEnumerable<(IsolationRule Rule, string Words)> CheckPage(Mapping page)
    {
        if (!page.IsUser)
        {
            yield return (KernelHalf, "a page of the kernel in the program's half");
        }

        if (page.Virtual + page.SizeBytes > InstanceWindow.ProgramEnd)
        {
            yield return (Unexpected, "the last page of the program's half is mapped");
        }

        if (page.IsWritable && page.IsExecutable)
        {
            yield return (WriteAndExecute, "the program may write what it executes");
        }
    }

    private static IEnumerable<(IsolationRule Rule, string Words)> CheckFrames(
        MachineView machine,
        IReadOnlyList<InstanceSpace> spaces,
        InstanceSpace own,
        Mapping page,
        HashSet<ulong> tables,
        ChannelMap channels,
        LentFrames lent)
    {
        for (ulong frame = page.Physical; frame < page.Physical + page.SizeBytes; frame += PageSizeBytes)
        {
            if (tables.Contains(frame))
            {
                yield return (TableExposed, $"the frame 0x{frame:x} is a page table");
            }

            if (!own.Grant.Owns(frame) && !channels.IsRing(frame) && !lent.Allows(own.Core, frame, page.IsWritable)
                && ForeignWords(machine, spaces, page, frame) is { } words)
            {
                yield return (ForeignFrame, $"the frame 0x{frame:x} is outside the grant {own.Grant} and {words}");
            }
        }
    }

    // What is nobody's and cannot be written is the bundle: constants and code of programs, the same for all.
    private static string? ForeignWords(MachineView machine, IReadOnlyList<InstanceSpace> spaces, Mapping page, ulong frame) =>
        page.IsWritable ? "can be written" : FrameOwner.Words(machine, spaces, frame);
}
