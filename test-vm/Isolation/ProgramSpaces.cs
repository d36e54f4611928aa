using static Atoll.TestVm.Isolation.PageTableEntry;

namespace Atoll.TestVm.Isolation;

/// <summary>Finds the address spaces of an instance's programs without asking the kernel where they are.</summary>
/// <remarks>
/// A processor in ring 3 can enter the kernel only where the kernel is mapped. So every page of the grant whose last entry leads to the instance's own
/// level 3 table is a root that a program may run on, and no other page is.
/// </remarks>
internal static class ProgramSpaces
{
    private const ulong PageSizeBytes = 4096;
    private const ulong LastEntry = 511 * 8;

    public static IReadOnlyList<AddressSpace> Find(PhysicalMemory memory, ulong instanceRoot, GrantRange grant)
    {
        List<AddressSpace> found = [];
        if (!memory.HasPage(instanceRoot))
        {
            return found;
        }

        ulong kernel = memory.Word(instanceRoot + LastEntry) & (AddressMask | Present);
        for (ulong page = grant.Base; page < grant.End && memory.HasPage(page); page += PageSizeBytes)
        {
            if ((memory.Word(page + LastEntry) & (AddressMask | Present)) == kernel && (kernel & Present) != 0)
            {
                found.Add(PageTableWalker.Walk(memory, page));
            }
        }

        return found;
    }
}
