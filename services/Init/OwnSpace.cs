using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>Init's own address space: the bundle for good, and one page at a time of what is being filled for a program.</summary>
public struct OwnSpace
{
    private const ulong Scratch = 0x0F00_0000;
    private const int LevelsBelowTop = 3;

    private readonly UntypedMemory _memory;
    private uint _nextTable;
    private readonly uint _endOfTables;

    /// <summary>Begins.</summary>
    /// <param name="memory">Page tables are made of it.</param>
    /// <param name="tables">Empty slots of the root for them.</param>
    /// <param name="count">How many.</param>
    public OwnSpace(UntypedMemory memory, uint tables, uint count)
    {
        _memory = memory;
        _nextTable = tables;
        _endOfTables = tables + count;
    }

    /// <summary>Maps a frame.</summary>
    public StartFailure Map(ulong frame, ulong at, MapRights rights)
    {
        for (int attempt = 0; attempt <= LevelsBelowTop; attempt++)
        {
            SystemResult result = new MemoryFrame(frame).Map(RootSlot.VSpace, at, rights, out uint level);
            if (result == SystemResult.Ok)
            {
                return StartFailure.None;
            }

            if (result != SystemResult.TableMissing)
            {
                return StartFailure.Refused;
            }

            StartFailure added = AddTable(at, level);
            if (added != StartFailure.None)
            {
                return added;
            }
        }

        return StartFailure.Refused;
    }

    /// <summary>Says where the rings of Init's own channel will be mapped: where every program has its first.</summary>
    internal StartFailure Attach(ChannelControl channel)
    {
        for (int attempt = 0; attempt <= LevelsBelowTop; attempt++)
        {
            SystemResult result = channel.Attach(RootSlot.VSpace, ProgramInformation.ChannelBase, out uint level);
            if (result != SystemResult.TableMissing)
            {
                return result == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;
            }

            StartFailure added = AddTable(ProgramInformation.ChannelBase, level);
            if (added != StartFailure.None)
            {
                return added;
            }
        }

        return StartFailure.Refused;
    }

    /// <summary>Fills a fresh page with bytes.</summary>
    /// <param name="frame">A frame of 4 KiB that nobody has mapped: it is unmapped again.</param>
    /// <param name="bytes">At most a page.</param>
    public StartFailure Fill(ulong frame, ReadOnlySpan<byte> bytes)
    {
        StartFailure mapped = Map(frame, Scratch, MapRights.ReadWrite);
        if (mapped != StartFailure.None)
        {
            return mapped;
        }

        Span<byte> page = Page();
        for (int index = 0; index < bytes.Length; index++)
        {
            page[index] = bytes[index];
        }

        return Close(frame);
    }

    /// <summary>Opens a fresh page that will tell a program about itself. <see cref="Close"/> ends that.</summary>
    public StartFailure Open(ulong frame) => Map(frame, Scratch, MapRights.ReadWrite);

    /// <summary>The page that is open.</summary>
    [Trusted(Safety = "A page of memory that any bytes are good for is mapped there between Open and Close, and only Init has it.")]
    public static unsafe ref ProgramInformation Information() => ref *(ProgramInformation*)Scratch;

    /// <summary>Gives the open page back.</summary>
    public static StartFailure Close(ulong frame) =>
        new MemoryFrame(frame).Unmap() == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;

    [Trusted(Safety = "Fill has mapped a page there.")]
    private static unsafe Span<byte> Page() => new((void*)Scratch, (int)ImageLayout.PageSizeBytes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private StartFailure AddTable(ulong at, uint level)
    {
        if (_nextTable == _endOfTables)
        {
            return StartFailure.OutOfSlots;
        }

        uint slot = _nextTable++;
        if (_memory.Retype(CapabilityType.PageTable, SlotMap.Root, slot) != SystemResult.Ok)
        {
            return StartFailure.OutOfMemory;
        }

        return new TranslationTable(slot).Map(RootSlot.VSpace, PageTables.SpanStart(at, level), level) == SystemResult.Ok
            ? StartFailure.None
            : StartFailure.Refused;
    }
}

/// <summary>What page tables cover.</summary>
internal static class PageTables
{
    private const int PageBits = 12;
    private const int IndexBits = 9;

    /// <summary>The first address that a table covers.</summary>
    internal static ulong SpanStart(ulong address, uint level)
    {
        int bits = PageBits + ((int)level * IndexBits);
        return (address >> bits) << bits;
    }
}
