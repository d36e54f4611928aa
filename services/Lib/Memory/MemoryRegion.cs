using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Lib;

/// <summary>Memory that the system maps for a program: a need of kind <c>region</c>. Only <see cref="ProgramStart.Region"/> and <see cref="GrantedRegion"/> make one that is not empty.</summary>
/// <remarks>It is there for as long as the program lives, and outlives the program. Whoever else has the region may change every byte of it at any time.</remarks>
public readonly struct MemoryRegion
{
    private const ulong BytesMax = 1UL << 30;

    private readonly ulong _address;
    private readonly ulong _bytes;

    internal MemoryRegion(ulong address, ulong bytes)
    {
        _address = address;
        _bytes = bytes <= BytesMax ? bytes : 0;
    }

    /// <summary>How many bytes there are.</summary>
    public int Length => (int)_bytes;

    /// <summary>All of it.</summary>
    [Trusted(Safety = "Init maps so many bytes there for as long as the program lives, or the program did and faults when they are taken back; any bytes are bytes.")]
    public unsafe Span<byte> Bytes => new((void*)_address, (int)_bytes);

    /// <summary>All of it, as numbers of four bytes.</summary>
    [Trusted(Safety = "As its bytes; regions begin at pages and are whole pages.")]
    public unsafe Span<uint> Words => new((void*)_address, (int)(_bytes / sizeof(uint)));

    /// <summary>All of it, as numbers of eight bytes.</summary>
    [Trusted(Safety = "As its bytes; regions begin at pages and are whole pages.")]
    public unsafe Span<ulong> LongWords => new((void*)_address, (int)(_bytes / sizeof(ulong)));

    /// <summary>Its first bytes as a structure. For regions that nobody else has.</summary>
    /// <typeparam name="T">What any bytes are good for.</typeparam>
    /// <remarks>A region that is smaller ends the program: its manifest asks for less than it uses.</remarks>
    [Trusted(Safety = "As its bytes, as many as were compared; T holds no reference; regions begin at pages.")]
    public unsafe ref T As<T>()
        where T : unmanaged
    {
        if ((ulong)Unsafe.SizeOf<T>() > _bytes)
        {
            ProgramExit.End(RegionTooSmall);
        }

        return ref *(T*)_address;
    }

    /// <summary>One of many equal structures that the region holds. For regions that nobody else has.</summary>
    /// <typeparam name="T">What any bytes are good for.</typeparam>
    /// <param name="index">Which. One that lies beyond the region ends the program: its manifest asks for less than it uses.</param>
    [Trusted(Safety = "As its bytes, as many as were compared; T holds no reference; regions begin at pages.")]
    public unsafe ref T Row<[AllowLinear] T>(uint index)
        where T : unmanaged
    {
        ulong size = (ulong)sizeof(T);
        if (index >= _bytes / size)
        {
            ProgramExit.End(RegionTooSmall);
        }

        return ref *(T*)(_address + (index * size));
    }

    private const byte RegionTooSmall = 200;
}
