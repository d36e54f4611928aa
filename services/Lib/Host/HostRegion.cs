using System.Runtime.InteropServices;

namespace Atoll.Services.Lib;

/// <summary>Memory of a host test in the place of a region that a system maps. It is never given back: tests are short.</summary>
public static unsafe class HostRegion
{
    /// <summary>A region of zeros.</summary>
    public static MemoryRegion Make(int bytes) => new((ulong)NativeMemory.AllocZeroed((nuint)bytes), (ulong)bytes);
}
