namespace Atoll.Mm;

/// <summary>How code reaches physical pages that its own instance does not map for good.</summary>
/// <remarks>
/// The first instance does it through the boot tables' identity map, a running coordinator through a window of two pages,
/// a host test through an array. A returned pointer is good until the next call of the same method.
/// </remarks>
public unsafe interface IPhysicalMemory
{
    /// <summary>Makes a page writable that the caller owns.</summary>
    /// <param name="physical">Page-aligned physical address.</param>
    Page* Open(ulong physical);

    /// <summary>Makes a page readable.</summary>
    /// <param name="physical">Page-aligned physical address.</param>
    Page* OpenRead(ulong physical);
}
