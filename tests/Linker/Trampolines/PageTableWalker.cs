using System.Buffers.Binary;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>One page that the tables map.</summary>
/// <param name="Virtual">First address.</param>
/// <param name="Physical">First physical address.</param>
/// <param name="Bytes">4 KiB or 2 MiB.</param>
/// <param name="Writable">R/W set in every entry on the way.</param>
/// <param name="Executable">XD clear in every entry on the way.</param>
/// <param name="User">U/S set in every entry on the way.</param>
/// <param name="Uncached">PCD and PWT set in the last entry.</param>
/// <param name="NeverWritten">A set in every entry, and D in the last if writable: nothing is left to set.</param>
internal sealed record MappedPage(
    ulong Virtual,
    ulong Physical,
    ulong Bytes,
    bool Writable,
    bool Executable,
    bool User,
    bool Uncached,
    bool NeverWritten);

/// <summary>Walks page tables as the processor does, by the manual and not by the code under test.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level Paging", tables of entry formats.</remarks>
internal sealed class PageTableWalker
{
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>Bits that must be 0 or have no use here: PAT/G and ignored bits.</summary>
    private const ulong UnusedMask = ~(AddressMask | 0x8000_0000_0000_00FF);

    private readonly Dictionary<ulong, byte[]> _tables = [];

    /// <summary>Takes all boot tables of an image.</summary>
    public PageTableWalker(TrampolineImage image)
    {
        foreach (Fragment fragment in BootPageTables.All)
        {
            byte[] bytes = image.Emit(fragment);
            for (int offset = 0; offset < bytes.Length; offset += 4096)
            {
                _tables.Add(image[fragment.Name] + (ulong)offset, bytes[offset..(offset + 4096)]);
            }
        }
    }

    /// <summary>Everything that is mapped, in the order of virtual addresses.</summary>
    public IEnumerable<MappedPage> Walk(ulong root) =>
        Walk(root, level: 4, new MappedPage(0, 0, 0, true, true, true, false, true));

    private IEnumerable<MappedPage> Walk(ulong table, int level, MappedPage sofar)
    {
        byte[] bytes = _tables[table];
        int shift = 12 + (9 * (level - 1));
        for (int index = 0; index < 512; index++)
        {
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(index * 8));
            if ((entry & 1) == 0)
            {
                continue;
            }

            ulong address = Canonical(sofar.Virtual | ((ulong)index << shift));
            MappedPage next = Through(sofar, entry, address);
            bool isPage = level == 1 || (entry & 0x80) != 0;
            if (!isPage)
            {
                foreach (MappedPage page in Walk(entry & AddressMask, level - 1, next))
                {
                    yield return page;
                }

                continue;
            }

            yield return AsPage(next, entry, 1UL << shift);
        }
    }

    private static MappedPage Through(MappedPage sofar, ulong entry, ulong address)
    {
        if ((entry & UnusedMask) != 0)
        {
            throw new InvalidDataException($"Entry 0x{entry:x} for 0x{address:x} has bits that nobody asked for.");
        }

        return sofar with
        {
            Virtual = address,
            Writable = sofar.Writable && (entry & 0x2) != 0,
            User = sofar.User && (entry & 0x4) != 0,
            Executable = sofar.Executable && (entry >> 63) == 0,
            NeverWritten = sofar.NeverWritten && (entry & 0x20) != 0,
        };
    }

    private static MappedPage AsPage(MappedPage page, ulong entry, ulong bytes)
    {
        ulong physical = entry & AddressMask;
        if (physical % bytes != 0)
        {
            throw new InvalidDataException($"0x{physical:x} is no address of a page of {bytes} bytes.");
        }

        return page with
        {
            Physical = physical,
            Bytes = bytes,
            Uncached = (entry & 0x18) == 0x18,
            NeverWritten = page.NeverWritten && (!page.Writable || (entry & 0x40) != 0),
        };
    }

    private static ulong Canonical(ulong address) => (ulong)((long)(address << 16) >> 16);
}
