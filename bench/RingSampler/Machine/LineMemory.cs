using System.Runtime.InteropServices;

namespace Atoll.RingSampler.Machine;

/// <summary>Zeroed memory on a page boundary, so that everything in it lies on cache lines of its own.</summary>
internal sealed unsafe class LineMemory : IDisposable
{
    /// <summary>Bytes of a cache line.</summary>
    internal const int LineBytes = 64;

    /// <summary>Bytes of a page.</summary>
    internal const int PageBytes = 4096;

    /// <summary>Takes memory.</summary>
    internal LineMemory(int sizeBytes)
    {
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)sizeBytes, PageBytes);
        NativeMemory.Clear(Start, (nuint)sizeBytes);
    }

    /// <summary>First byte.</summary>
    internal byte* Start { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
