using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Mm;

/// <summary>A whole page of memory. Who has a pointer to one got it from <see cref="IPhysicalMemory"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = (int)ImageLayout.PageSizeBytes)]
[Trusted(Safety = "A pointer of this type is to a whole mapped page; every index and size is compared with the page's.")]
public unsafe struct Page
{
    /// <summary>Zeroes a page. Memory is zeroed before it changes hands.</summary>
    public static void Clear(Page* page)
    {
        byte* bytes = (byte*)page;
        for (ulong offset = 0; offset < ImageLayout.PageSizeBytes; offset += Run.SizeBytes)
        {
            *(Run*)(bytes + offset) = default;
        }
    }

    /// <summary>The first bytes of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="count">At most a page.</param>
    public static ReadOnlySpan<byte> Bytes(Page* page, ulong count)
    {
        Check.That(count <= ImageLayout.PageSizeBytes);
        return new ReadOnlySpan<byte>(page, (int)count);
    }

    /// <summary>Copies bytes to the beginning of a page.</summary>
    /// <param name="to">Receives them.</param>
    /// <param name="from">At most a page, none of them of this page.</param>
    public static void Copy(Page* to, ReadOnlySpan<byte> from)
    {
        Check.That((uint)from.Length <= ImageLayout.PageSizeBytes);
        if (from.Length == 0)
        {
            return;
        }

        byte* target = (byte*)to;
        fixed (byte* source = &from[0])
        {
            uint count = (uint)from.Length;
            uint offset = 0;
            for (; offset + Run.SizeBytes <= count; offset += Run.SizeBytes)
            {
                *(Run*)(target + offset) = *(Run*)(source + offset);
            }

            for (; offset < count; offset++)
            {
                target[offset] = source[offset];
            }
        }
    }

    /// <summary>What lies in a page.</summary>
    /// <typeparam name="T">Numbers, any of which is a value.</typeparam>
    /// <param name="page">The page.</param>
    /// <param name="offset">Where it begins, in bytes; aligned for it.</param>
    public static ref T At<[AllowLinear] T>(Page* page, uint offset = 0)
        where T : unmanaged
    {
        Check.That((uint)sizeof(T) <= ImageLayout.PageSizeBytes && offset <= (uint)ImageLayout.PageSizeBytes - (uint)sizeof(T));
        return ref *(T*)((byte*)page + offset);
    }

    /// <summary>An entry of a page table, which fills a page.</summary>
    /// <param name="table">The table.</param>
    /// <param name="index">From 0, below <see cref="PageTableEntry.PerTable"/>.</param>
    public static ref ulong Entry(Page* table, int index)
    {
        Check.That((uint)index < PageTableEntry.PerTable);
        return ref ((ulong*)table)[index];
    }

    /// <summary>Two cache lines: the most that the JIT moves by 16-byte loads and stores instead of a call.</summary>
    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Run
    {
        public const int SizeBytes = 128;

        private ulong _word0;
    }
}
