using System.Runtime.InteropServices;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>Zeroed, page-aligned host memory that stands for pages of the machine.</summary>
internal sealed unsafe class HostPages : IDisposable
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>Allocates so many pages.</summary>
    public HostPages(int count)
    {
        Count = count;
        Start = (byte*)NativeMemory.AlignedAlloc(Length, PageBytes);
        Bytes.Clear();
    }

    /// <summary>First byte.</summary>
    public byte* Start { get; }

    /// <summary>Pages.</summary>
    public int Count { get; }

    /// <summary>All bytes.</summary>
    public Span<byte> Bytes => new(Start, (int)Length);

    private nuint Length => (nuint)(Count * PageBytes);

    /// <summary>One page.</summary>
    public byte* Page(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return Start + ((long)index * PageBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(Start);
}
