namespace Atoll.Services.Suite;

/// <summary>Where the suite maps what it works with. One page table covers all of it: the kernel has made it for the first program.</summary>
internal static class Layout
{
    /// <summary>Bytes of a page.</summary>
    internal const ulong Page = 4096;

    /// <summary>Words that threads leave for one another (<see cref="Board"/>).</summary>
    internal const ulong Board = 0x0030_2000;

    /// <summary>The page of machine code, writable.</summary>
    internal const ulong CodeWrite = 0x0030_4000;

    /// <summary>The same page, executable.</summary>
    internal const ulong CodeRun = 0x0030_6000;

    /// <summary>Message buffers of the workers.</summary>
    internal const ulong Buffers = 0x0030_8000;

    /// <summary>Stacks of the workers.</summary>
    internal const ulong Stacks = 0x0031_0000;

    /// <summary>From one stack to the next: two pages, and two that are not mapped.</summary>
    internal const ulong StackStride = 4 * Page;

    /// <summary>Workers that there can be at once.</summary>
    internal const uint Workers = 4;

    /// <summary>Pages that a test may map, up to <see cref="FreeEnd"/>.</summary>
    internal const ulong Free = 0x0038_0000;

    /// <summary>End of <see cref="Free"/>.</summary>
    internal const ulong FreeEnd = 0x0040_0000;

    /// <summary>A page of <see cref="Free"/> where registers of a device are mapped.</summary>
    internal const ulong Registers = Free + (8 * Page);

    /// <summary>Bytes of a frame of 2 MiB.</summary>
    internal const ulong LargePage = 512 * Page;

    /// <summary>Where frames of 2 MiB may be mapped, two of them: the level 2 table exists, and its entries are empty.</summary>
    internal const ulong Large = 0x0200_0000;

    /// <summary>A GiB of which only the level 3 table exists.</summary>
    internal const ulong NoLevelTwo = 0x4000_0000;

    /// <summary>An address of which no table exists.</summary>
    internal const ulong NoLevelThree = 0x80_0000_0000;

    /// <summary>An address of the kernel's text.</summary>
    internal const ulong KernelText = 0xFFFF_FFFF_8020_0000;

    /// <summary>An address that has no meaning to the processor.</summary>
    internal const ulong NonCanonical = 0x8000_0000_0000_0000;

    /// <summary>Upper end of a worker's stack.</summary>
    internal static ulong StackTop(uint worker) => Stacks + (worker * StackStride) + (3 * Page);
}
