using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Tests.Lib.Channels.Calls;

/// <summary>The two pages of a channel, mapped as both programs see them: to one the first is for receiving, to the other the second.</summary>
internal sealed unsafe class SharedRings : IDisposable
{
    private const int PageBytes = 4096;
    private const int ReadWrite = 3;
    private const int Shared = 1;
    private const int SharedFixed = 0x11;

    private readonly byte* _pages;

    /// <summary>Two fresh rings of 32 slots, whose sequences begin with their places.</summary>
    public SharedRings()
    {
        int file = MemoryFile("rings", 0);
        Assert.True(file >= 0 && Truncate(file, 2 * PageBytes) == 0, "memfd_create: no memory for the rings");
        _pages = Map(null, 3 * PageBytes, ReadWrite, Shared, file, 0);
        Assert.True((nint)_pages != -1 && Map(_pages + (2 * PageBytes), PageBytes, ReadWrite, SharedFixed, file, 0) == _pages + (2 * PageBytes), "mmap");
        _ = Close(file);
        for (int page = 0; page < 2; page++)
        {
            for (uint slot = 0; slot < 32; slot++)
            {
                ((RingSlot*)(_pages + (page * PageBytes)))[slot].Sequence = slot;
            }
        }
    }

    /// <summary>Where the first program has its pages: it receives from the first of two.</summary>
    public ulong First => (ulong)_pages;

    /// <summary>Where the second program has them.</summary>
    public ulong Second => (ulong)(_pages + PageBytes);

    /// <summary>Writes into the first program's ring what no end writes there.</summary>
    public void Spoil() => ((RingSlot*)_pages)[0].Sequence = 77;

    public void Dispose() => _ = Unmap(_pages, 3 * PageBytes);

    [DllImport("libc", EntryPoint = "memfd_create")]
    private static extern int MemoryFile([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);

    [DllImport("libc", EntryPoint = "ftruncate")]
    private static extern int Truncate(int file, long bytes);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern byte* Map(byte* at, nint bytes, int protection, int flags, int file, long offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(byte* at, nint bytes);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
