using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The bundle, mapped read-only in Init's own address space. Every byte is untrusted.</summary>
public readonly struct BundleView
{
    private const ulong Address = 0x1000_0000;

    private readonly uint _firstFrame;
    private readonly uint _bytes;

    private BundleView(uint firstFrame, uint bytes)
    {
        _firstFrame = firstFrame;
        _bytes = bytes;
    }

    /// <summary>Slot in the root of the frame that holds a byte of the bundle.</summary>
    public uint FrameOf(ulong offset) => _firstFrame + (uint)(offset / ImageLayout.PageSizeBytes);

    /// <summary>Maps the bundle.</summary>
    /// <param name="told">What the kernel says.</param>
    /// <param name="window">Init's own address space.</param>
    /// <param name="bundle">The view.</param>
    public static StartFailure Map(ref readonly BootInformation told, ref OwnSpace window, out BundleView bundle)
    {
        uint bytes = told.BundleFrames * (uint)ImageLayout.PageSizeBytes;
        bundle = new BundleView(told.FirstBundleFrame, told.BundleBytes < bytes ? (uint)told.BundleBytes : bytes);
        for (uint page = 0; page < told.BundleFrames; page++)
        {
            StartFailure mapped = window.Map(told.FirstBundleFrame + page, Address + (page * ImageLayout.PageSizeBytes), MapRights.Read);
            if (mapped != StartFailure.None)
            {
                return mapped;
            }
        }

        return told.BundleBytes > bytes ? StartFailure.OutOfSlots : StartFailure.None;
    }

    /// <summary>Bytes of the bundle.</summary>
    /// <param name="offset">Of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="bytes">They, when they are all there.</param>
    [Trusted(Safety = "The first _bytes bytes behind Address are mapped for as long as Init runs, and both ends are compared with them.")]
    public unsafe bool TryView(ulong offset, ulong count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (offset > _bytes || count > _bytes - offset)
        {
            return false;
        }

        bytes = new ReadOnlySpan<byte>((void*)(Address + offset), (int)count);
        return true;
    }

    /// <summary>Name of an entry of the index.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="name">The name, without the zeros behind it.</param>
    public bool TryName(uint position, out ReadOnlySpan<byte> name)
    {
        ulong at = BundleLayout.HeaderBytes + ((ulong)position * BundleLayout.EntryBytes) + BundleLayout.NameOffset;
        if (position >= BundleLayout.EntriesMax || !TryView(at, ProgramName.SizeBytes, out name))
        {
            name = default;
            return false;
        }

        int length = 0;
        while (length < name.Length && name[length] != 0)
        {
            length++;
        }

        name = name.Slice(0, length);
        return true;
    }

    /// <summary>Finds an entry of the index.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="position">Its position; <see cref="SystemHeader.None"/>: the first of the kind.</param>
    /// <param name="offset">Where its content begins: a page.</param>
    /// <param name="size">Bytes of it, all of which are there.</param>
    public bool TryEntry(BundleKind kind, uint position, out ulong offset, out ulong size)
    {
        offset = 0;
        size = 0;
        if (!TryView(0, BundleLayout.HeaderBytes, out ReadOnlySpan<byte> header))
        {
            return false;
        }

        uint count = (uint)ProgramFile.Read(header, BundleLayout.CountOffset, 4);
        for (uint entry = 0; entry < count && entry < BundleLayout.EntriesMax; entry++)
        {
            if (!TryView(BundleLayout.HeaderBytes + (entry * BundleLayout.EntryBytes), BundleLayout.EntryBytes, out ReadOnlySpan<byte> index))
            {
                return false;
            }

            bool isWanted = position == SystemHeader.None || position == entry;
            if (isWanted && ProgramFile.Read(index, BundleLayout.KindOffset, 4) == (ulong)kind)
            {
                offset = ProgramFile.Read(index, BundleLayout.ContentOffset, 8);
                size = ProgramFile.Read(index, BundleLayout.SizeOffset, 8);
                return offset % ImageLayout.PageSizeBytes == 0 && TryView(offset, size, out _);
            }
        }

        return false;
    }
}
