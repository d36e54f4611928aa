using System.Numerics;
using Atoll.Abi;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Systems;

/// <summary>Counts what Init makes for a program, in Init's order: bytes of its memory, slots of its shelf.</summary>
/// <remarks>Source: services/Init (ProgramBuilder, ImageLoader, Shelf). Every object lies at a multiple of its size, as retype puts it.</remarks>
public sealed class ProgramMemory
{
    /// <summary>Least memory of a program, as log2: what Init takes.</summary>
    public const int BitsMin = 14;

    /// <summary>Most memory of a program, as log2.</summary>
    public const int BitsMax = 30;

    /// <summary>Slots of a shelf that Init takes one after the other.</summary>
    public const int ShelfSlotsMax = (1 << ShelfRadix) - ShelfFirst;

    private const int ShelfRadix = 8;
    private const int ShelfFirst = 16;
    private const int PerInterrupt = 2;
    private const int PerChannel = 2;

    // Bits of an address that a page table of each level below the top translates (Intel SDM Vol. 3A, "4-Level Paging").
    private static readonly int[] s_tableShifts = [39, 30, 21];

    private readonly HashSet<(int Shift, ulong Index)> _tables = [];
    private ulong _bytes;

    private ProgramMemory()
    {
    }

    /// <summary>log2 of the memory that the program needs.</summary>
    public int Bits => int.Max(BitsMin, BitOperations.Log2(BitOperations.RoundUpToPowerOf2(_bytes)));

    /// <summary>Bytes that are made something of.</summary>
    public ulong UsedBytes => _bytes;

    /// <summary>Slots of the shelf that are taken.</summary>
    public int ShelfSlots { get; private set; }

    /// <summary>Counts.</summary>
    /// <param name="image">The program's image.</param>
    /// <param name="grants">What it is given, in order.</param>
    public static ProgramMemory Of(ProgramImage image, IReadOnlyCollection<PlannedGrant> grants)
    {
        ProgramMemory memory = new();
        memory.AddObjects(image.Manifest.Replies, PlannedProgram.NodeBitsOf(grants));
        foreach (ProgramSegmentShape segment in image.Segments)
        {
            memory.AddSegment(segment);
        }

        for (ulong bytes = 0; bytes < image.Manifest.StackBytes; bytes += ImageLayout.PageSizeBytes)
        {
            memory.AddPage(ProgramInformation.StackTop - image.Manifest.StackBytes + bytes, isOwn: true);
        }

        memory.AddTables(ProgramInformation.BufferAddress, ObjectSize.FrameBits);
        foreach (PlannedGrant grant in grants)
        {
            memory.AddGrant(grant);
        }

        memory.AddTables(ProgramInformation.Address, ObjectSize.FrameBits);
        return memory;
    }

    private void AddObjects(uint replies, int nodeBits)
    {
        Add(ShelfRadix + ObjectSize.SlotBits);
        Add(ObjectSize.PageTableBits);
        Add(ObjectSize.ThreadBits);
        Add(ObjectSize.SchedulingContextBits);
        Add(nodeBits + ObjectSize.SlotBits);
        Add(ObjectSize.FrameBits);
        Add(ObjectSize.FrameBits);
        Add(ObjectSize.NotificationBits);
        for (uint reply = 0; reply < replies; reply++)
        {
            Add(ObjectSize.ReplyBits);
        }
    }

    // Pages that are only read stay in the bundle.
    private void AddSegment(ProgramSegmentShape segment)
    {
        for (ulong at = 0; at < segment.MemoryBytes; at += ImageLayout.PageSizeBytes)
        {
            AddPage(segment.Address + at, isOwn: segment.IsWritable || at >= segment.FileBytes);
        }
    }

    private void AddRegion(MappedRegion region)
    {
        for (ulong at = 0; at < region.Bytes; at += 1UL << region.PageBits)
        {
            ShelfSlots++;
            AddTables(region.Address + at, region.PageBits);
        }
    }

    private void AddGrant(PlannedGrant grant)
    {
        if (grant.Region is { } region)
        {
            AddRegion(region);
        }
        else if (grant.Kind == GrantKind.Memory)
        {
            Add((int)grant.Argument);
        }
        else if (grant.Kind == GrantKind.Interrupt)
        {
            ShelfSlots += PerInterrupt;
        }
        else if (grant.Gift.Parts.Count != 0)
        {
            for (ulong end = 0; end < grant.EndCount; end++)
            {
                AddTables(grant.Argument + (end * ProgramInformation.ManyChannelsStride), ObjectSize.FrameBits);
            }
        }
        else if (grant.Kind == GrantKind.Channel)
        {
            // Its pages are not the program's memory, and lie where the page of information is.
            ShelfSlots += PerChannel;
            AddTables(grant.Argument, ObjectSize.FrameBits);
        }
    }

    private void AddPage(ulong address, bool isOwn)
    {
        ShelfSlots++;
        if (isOwn)
        {
            Add(ObjectSize.FrameBits);
        }

        AddTables(address, ObjectSize.FrameBits);
    }

    private void AddTables(ulong address, int pageBits)
    {
        foreach (int shift in s_tableShifts.Where(shift => shift > pageBits && _tables.Add((shift, address >> shift))))
        {
            ShelfSlots++;
            Add(ObjectSize.PageTableBits);
        }
    }

    private void Add(int bits)
    {
        ulong size = 1UL << bits;
        _bytes = ((_bytes + size - 1) & ~(size - 1)) + size;
    }
}
