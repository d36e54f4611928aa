namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>A page that a program can reach.</summary>
public readonly record struct UserPage(ulong Virtual, ulong Physical, ulong Bytes, string Rights);

/// <summary>Walks a program's half of an address space as a CPU does; shares no code with the kernel.</summary>
/// <remarks>
/// Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging": user and writable need every level, execute disable of
/// one level is enough; bit 7 of a level 2 or 3 entry makes it a leaf.
/// </remarks>
public static unsafe class UserPages
{
    private const ulong Address = 0x000F_FFFF_FFFF_F000;

    /// <summary>Everything that ring 3 can reach, by ascending address.</summary>
    public static List<UserPage> Of(ulong root)
    {
        List<UserPage> pages = [];
        Walk(root, level: 4, prefix: 0, allowed: 6, pages);
        return pages;
    }

    private static void Walk(ulong table, int level, ulong prefix, ulong allowed, List<UserPage> pages)
    {
        int count = level == 4 ? 511 : 512;
        for (int index = 0; index < count; index++)
        {
            ulong entry = ((ulong*)table)[index];
            if ((entry & 1) == 0)
            {
                continue;
            }

            MismatchException.ThrowUnless(level < 4 || index < 256, $"entry {index} of a level 4 table is in nobody's half");
            ulong address = prefix | ((ulong)index << (3 + (9 * level)));
            ulong here = (allowed & entry & 6) | ((allowed | entry) & (1UL << 63));
            bool isLeaf = level == 1 || (entry & 0x80) != 0;
            MismatchException.ThrowUnless(level < 4 || !isLeaf, "a level 4 entry is a leaf");
            if (isLeaf)
            {
                Add(pages, address, entry, here, 1UL << (3 + (9 * level)));
                continue;
            }

            Walk(entry & Address, level - 1, address, here, pages);
        }
    }

    private static void Add(List<UserPage> pages, ulong address, ulong entry, ulong allowed, ulong bytes)
    {
        MismatchException.ThrowUnless((allowed & 4) != 0, $"{address:x} is mapped for the kernel only");
        bool writes = (allowed & 2) != 0;
        bool executes = (allowed >> 63) == 0;
        MismatchException.ThrowUnless(!(writes && executes), $"{address:x} is writable and executable");
        string rights = (writes ? "RW" : "R") + (executes ? "X" : "") + ((entry & 0x10) != 0 ? " uncached" : "");
        pages.Add(new UserPage(address, entry & Address, bytes, rights));
    }
}
