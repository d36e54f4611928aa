using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory of a host test in the place of a region that a system maps. It stays until the process ends, unless a <see cref="Scope"/> gives it back.</summary>
public static unsafe class HostRegion
{
    private const nuint PageBytes = 4096;

    [ThreadStatic]
    private static List<nuint>? s_made;

    /// <summary>A region of zeros, which begins at a page.</summary>
    public static MemoryRegion Make(int bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, PageBytes);
        NativeMemory.Clear(memory, (nuint)bytes);
        (s_made ??= []).Add((nuint)memory);
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

    /// <summary>What this thread makes from here on is given back at the end: for whoever runs thousands of seeds, or all tests again for each mistake.</summary>
    public static Scope Begin() => new(s_made?.Count ?? 0);

    /// <summary>A stretch of work whose memory nobody uses afterwards.</summary>
    public readonly ref struct Scope
    {
        private readonly int _earlier;

        internal Scope(int earlier) => _earlier = earlier;

        /// <summary>Gives the memory back.</summary>
        public void Dispose()
        {
            foreach (nuint memory in s_made?.Skip(_earlier) ?? [])
            {
                NativeMemory.AlignedFree((void*)memory);
            }

            s_made?.RemoveRange(_earlier, s_made.Count - _earlier);
        }
    }
}
