using Atoll.Abi;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Mm;
using Atoll.Root;

namespace Atoll.Provision;

/// <summary>Prepares the memory that an instance gets for its programs: maps it in the instance's window, and puts the first program's file in.</summary>
public static unsafe class GrantBuilder
{
    private const int GibibyteShift = 30;
    private const ulong GibibyteMask = (1UL << GibibyteShift) - 1;

    /// <summary>Prepares a grant. No core runs on the instance's tables, or the running one has not used the window yet.</summary>
    /// <param name="memory">Reaches the grant, the tables and the file.</param>
    /// <param name="plan">The instance's private block, built.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="file">Physical address of the first program's file: a page.</param>
    public static void Build<[AllowLinear] TMemory>(ref TMemory memory, in InstancePlan plan, in GrantLayout grant, ulong file)
        where TMemory : struct, IPhysicalMemory
    {
        Check.That(Bits.IsAligned(grant.Base | grant.Bytes, ObjectWindow.PageBytes) && grant.End <= ObjectWindow.PhysicalLimit);
        for (uint index = 0; index < grant.WindowTables; index++)
        {
            BuildTable(ref memory, in plan, in grant, index);
        }

        for (ulong offset = 0; offset < grant.FileBytes; offset += ImageLayout.PageSizeBytes)
        {
            ulong left = grant.FileBytes - offset;
            Page* from = memory.OpenRead(file + offset);
            Page* to = memory.Open(grant.File + offset);
            Page.Copy(to, Page.Bytes(from, left < ImageLayout.PageSizeBytes ? left : ImageLayout.PageSizeBytes));
        }
    }

    // One level 2 table maps what the grant has of one GiB.
    private static void BuildTable<[AllowLinear] TMemory>(ref TMemory memory, in InstancePlan plan, in GrantLayout grant, uint index)
        where TMemory : struct, IPhysicalMemory
    {
        ulong table = grant.Base + (index * ImageLayout.PageSizeBytes);
        ulong first = (grant.Base & ~GibibyteMask) + ((ulong)index << GibibyteShift);
        Page* entries = memory.Open(table);
        Page.Clear(entries);
        ulong at = first < grant.Base ? grant.Base : first;
        ulong end = first + GibibyteMask < grant.End ? first + GibibyteMask + 1 : grant.End;
        for (; at < end; at += ObjectWindow.PageBytes)
        {
            Page.Entry(entries, PageTableEntry.Index(at, 2)) = PageTableEntry.Leaf(at, PageRights.ReadWrite, 2);
        }

        Page* top = memory.Open(plan.AddressOf(PageKind.Pdpt));
        Page.Entry(top, (int)(first >> GibibyteShift)) = PageTableEntry.Table(table);
    }
}
