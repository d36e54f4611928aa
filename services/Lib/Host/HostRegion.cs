using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory of a host test in the place of a region that a system maps. It is never given back: tests are short.</summary>
public static unsafe class HostRegion
{
    private const nuint PageBytes = 4096;

    /// <summary>A region of zeros, which begins at a page.</summary>
    public static MemoryRegion Make(int bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, PageBytes);
        NativeMemory.Clear(memory, (nuint)bytes);
        return new MemoryRegion((ulong)memory, (ulong)bytes);
    }

    /// <summary>A frame in the program's window for those of 2 MiB, which a test gives.</summary>
    public static MemoryRegion Large(uint place)
    {
        const ulong bytes = 1UL << ObjectSize.LargeFrameBits;
        return new(OwnWindow.Of(ProgramInformation.LargeWindowAddress + (place * bytes)), bytes);
    }

    /// <summary>Where a region lies.</summary>
    public static ulong AddressOf(MemoryRegion region) => (ulong)Unsafe.AsPointer(ref MemoryMarshal.GetReference(region.Bytes));
}
