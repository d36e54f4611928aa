using System;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Firmware;

/// <summary>Every outcome of reading the memory map.</summary>
[MustUse]
public enum FirmwareMapResult : byte
{
    /// <summary>The pool holds the usable memory.</summary>
    Read,

    /// <summary>The start info is not where or what PVH says.</summary>
    NoStartInfo,

    /// <summary>The memory map is absent, unreachable or has more than <see cref="Limits.FirmwareMapEntriesMax"/> entries.</summary>
    NoMemoryMap,

    /// <summary>The module list is unreachable or too long.</summary>
    BadModuleList,

    /// <summary>Memory is in more pieces than <see cref="Limits.MemoryRangesMax"/>.</summary>
    TooManyRanges,

    /// <summary>The page that other cores start in is not usable memory.</summary>
    NoStartPage,
}

/// <summary>Turns the loader's memory map into a pool of free frames.</summary>
public static class FirmwareMap
{
    private const ulong OneMebibyte = 0x10_0000;

    /// <summary>Reads the map and leaves out what is in use: low memory, the image, modules, the loader's own data.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="startInfoAddress">Physical address from the loader. Untrusted.</param>
    /// <param name="image">The image that is running.</param>
    /// <param name="info">The start info when the result is Read.</param>
    /// <param name="pool">Empty; holds all free frames when the result is Read.</param>
    /// <param name="usableBytes">Usable memory that the map lists, in use or not.</param>
    public static FirmwareMapResult Read<TMemory>(
        ref TMemory memory, ulong startInfoAddress, in ImageInfo image, out StartInfo info, ref FramePool pool, out ulong usableBytes)
        where TMemory : struct, IFirmwareMemory
    {
        info = default;
        usableBytes = 0;
        if (!memory.TryView(startInfoAddress, StartInfo.SizeBytes, out ReadOnlySpan<byte> bytes))
        {
            return FirmwareMapResult.NoStartInfo;
        }

        info = Bytes.Read<StartInfo>(bytes, 0);
        if (info.Magic != StartInfo.MagicValue || info.Version == 0)
        {
            return FirmwareMapResult.NoStartInfo;
        }

        FirmwareMapResult result = AddUsable(ref memory, in info, ref pool, ref usableBytes);
        if (result != FirmwareMapResult.Read)
        {
            return result;
        }

        return ExcludeUsed(ref memory, startInfoAddress, in image, in info, ref pool);
    }

    /// <summary>End of the memory below 4 GiB that the map lists, whatever it is used for. What it reserves may be anything, and does not count.</summary>
    /// <param name="memory">Where the tables lie.</param>
    /// <param name="info">The start info, whose map has been read.</param>
    public static ulong MemoryEnd<TMemory>(ref TMemory memory, in StartInfo info)
        where TMemory : struct, IFirmwareMemory
    {
        const ulong Limit = IdentityMemory.Limit;
        Check.That(memory.TryView(info.MemoryMap, (int)info.MemoryMapEntries * MemoryMapEntry.SizeBytes, out ReadOnlySpan<byte> entries));
        ulong found = 0;
        for (uint i = 0; i < info.MemoryMapEntries; i++)
        {
            MemoryMapEntry entry = EntryAt(entries, i);
            if (entry.Type != MemoryMapEntry.RangeReserved && entry.Length != 0 && entry.Address < Limit)
            {
                ulong end = entry.Length > Limit - entry.Address ? Limit : entry.Address + entry.Length;
                found = end > found ? end : found;
            }
        }

        return found;
    }

    private static FirmwareMapResult AddUsable<TMemory>(ref TMemory memory, in StartInfo info, ref FramePool pool, ref ulong usableBytes)
        where TMemory : struct, IFirmwareMemory
    {
        if (info.MemoryMapEntries is 0 or > Limits.FirmwareMapEntriesMax
            || !memory.TryView(info.MemoryMap, (int)info.MemoryMapEntries * MemoryMapEntry.SizeBytes, out ReadOnlySpan<byte> entries))
        {
            return FirmwareMapResult.NoMemoryMap;
        }

        bool startPageIsUsable = false;
        for (uint i = 0; i < info.MemoryMapEntries; i++)
        {
            MemoryMapEntry entry = EntryAt(entries, i);
            if (entry.Type == MemoryMapEntry.Usable && !AddEntry(ref pool, in entry, ref usableBytes, ref startPageIsUsable))
            {
                return FirmwareMapResult.TooManyRanges;
            }
        }

        // Entries may overlap: what one of them reserves stays unused, whatever the others say.
        for (uint i = 0; i < info.MemoryMapEntries; i++)
        {
            MemoryMapEntry entry = EntryAt(entries, i);
            if (entry.Type != MemoryMapEntry.Usable && !WithdrawEntry(ref pool, in entry, ref startPageIsUsable))
            {
                return FirmwareMapResult.TooManyRanges;
            }
        }

        return startPageIsUsable ? FirmwareMapResult.Read : FirmwareMapResult.NoStartPage;
    }

    private static MemoryMapEntry EntryAt(ReadOnlySpan<byte> entries, uint index) =>
        Bytes.Read<MemoryMapEntry>(entries, (int)(index * MemoryMapEntry.SizeBytes));

    private static bool AddEntry(ref FramePool pool, in MemoryMapEntry entry, ref ulong usableBytes, ref bool startPageIsUsable)
    {
        ulong end = entry.Address + entry.Length;
        if (end < entry.Address || end > PageTableEntry.AddressMask)
        {
            return true;
        }

        usableBytes += entry.Length;
        startPageIsUsable |= entry.Address <= ImageLayout.ApStartPage && ImageLayout.ApStartPage + ImageLayout.PageSizeBytes <= end;

        ulong low = Bits.AlignUp(entry.Address, ImageLayout.PageSizeBytes);
        ulong high = Bits.AlignDown(end, ImageLayout.PageSizeBytes);
        return low >= high || AddRange(ref pool, low, high);
    }

    private static bool WithdrawEntry(ref FramePool pool, in MemoryMapEntry entry, ref bool startPageIsUsable)
    {
        const ulong Top = PageTableEntry.AddressMask;
        if (entry.Length == 0 || entry.Address >= Top)
        {
            return true;
        }

        ulong end = entry.Length > Top - entry.Address ? Top : entry.Address + entry.Length;
        startPageIsUsable &= end <= ImageLayout.ApStartPage || ImageLayout.ApStartPage + ImageLayout.PageSizeBytes <= entry.Address;
        return pool.Exclude(entry.Address, end) == FramePoolResult.Done;
    }

    // Firmware maps may overlap: what is there already is taken out first, so that no frame is given twice.
    private static bool AddRange(ref FramePool pool, ulong low, ulong high) =>
        pool.Exclude(low, high) == FramePoolResult.Done
        && pool.Give(low, (high - low) / ImageLayout.PageSizeBytes) == FramePoolResult.Done;

    private static FirmwareMapResult ExcludeUsed<TMemory>(
        ref TMemory memory, ulong startInfoAddress, in ImageInfo image, in StartInfo info, ref FramePool pool)
        where TMemory : struct, IFirmwareMemory
    {
        ulong imageEnd = ImageLayout.ImagePhysicalBase + (image.DataEnd - image.TextStart);
        FramePoolResult result = pool.Exclude(0, OneMebibyte);
        result |= pool.Exclude(ImageLayout.BootSegmentBase, image.BootSegmentEnd);
        result |= pool.Exclude(ImageLayout.ImagePhysicalBase, imageEnd);
        result |= pool.Exclude(startInfoAddress, startInfoAddress + StartInfo.SizeBytes);
        result |= pool.Exclude(info.MemoryMap, info.MemoryMap + (info.MemoryMapEntries * (ulong)MemoryMapEntry.SizeBytes));
        if (info.CommandLine != 0 && info.CommandLine < IdentityMemory.Limit)
        {
            result |= pool.Exclude(info.CommandLine, info.CommandLine + Limits.CommandLineBytesMax);
        }

        if (info.ModuleCount != 0)
        {
            uint listBytes = info.ModuleCount * ModuleEntry.SizeBytes;
            if (info.ModuleCount > Limits.FirmwareMapEntriesMax
                || !memory.TryView(info.ModuleList, (int)listBytes, out ReadOnlySpan<byte> modules))
            {
                return FirmwareMapResult.BadModuleList;
            }

            result |= pool.Exclude(info.ModuleList, info.ModuleList + listBytes);
            for (uint i = 0; i < info.ModuleCount; i++)
            {
                ModuleEntry module = Bytes.Read<ModuleEntry>(modules, (int)(i * ModuleEntry.SizeBytes));
                if (module.Address + module.Length < module.Address || module.Address + module.Length > PageTableEntry.AddressMask)
                {
                    return FirmwareMapResult.BadModuleList;
                }

                result |= pool.Exclude(module.Address, module.Address + module.Length);
            }
        }

        return result == FramePoolResult.Done ? FirmwareMapResult.Read : FirmwareMapResult.TooManyRanges;
    }
}
