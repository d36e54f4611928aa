using System.Runtime.InteropServices;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>
/// Physical memory that several address spaces of this process can map: each page once, however often it is mapped.
/// </summary>
/// <remarks>Linux only, as the tool chain is: memfd_create(2), mmap(2). Without generated code: DefectiveRooms compiles this file without generators.</remarks>
internal sealed unsafe class SharedRam : IDisposable
{
    internal const int Read = 1;
    internal const int Write = 2;
    private const int MapShared = 1;
    private readonly nuint _bytes;

    /// <summary>Zeroed memory from physical address 0.</summary>
    public SharedRam(int pages)
    {
        _bytes = (nuint)pages * HostPages.PageBytes;
        fixed (byte* name = "ram\0"u8)
        {
            File = CreateFile(name, 0);
        }

        Assert.True(File >= 0 && Truncate(File, (nint)_bytes) == 0, "no memory file");
        Start = (byte*)Map(null, _bytes, Read | Write, MapShared, File, 0);
        Assert.True(Start != (byte*)-1, "memory cannot be mapped");
    }

    /// <summary>The memory's file.</summary>
    internal int File { get; }

    /// <summary>The view of the test, and of each instance onto its own private pages.</summary>
    public byte* Start { get; }

    /// <summary>The page at a physical address.</summary>
    public byte* Page(ulong physical)
    {
        Assert.True(physical % HostPages.PageBytes == 0 && physical < _bytes, $"0x{physical:x} is no page of memory");
        return Start + physical;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unmap(Start, _bytes);
        Close(File);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    internal static extern void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    internal static extern int Unmap(void* address, nuint bytes);

    [DllImport("libc", EntryPoint = "memfd_create")]
    private static extern int CreateFile(byte* name, uint flags);

    [DllImport("libc", EntryPoint = "ftruncate")]
    private static extern int Truncate(int file, nint bytes);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}

/// <summary><see cref="SharedRam"/> as kernel code takes it.</summary>
internal readonly unsafe struct RamMemory(SharedRam ram) : IPhysicalMemory
{
    /// <inheritdoc/>
    public Page* Open(ulong physical) => (Page*)ram.Page(physical);

    /// <inheritdoc/>
    public Page* OpenRead(ulong physical) => (Page*)ram.Page(physical);
}
