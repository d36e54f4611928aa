using System;
using Atoll.Abi;
using Atoll.Base;

namespace Atoll.Firmware;

/// <summary>Every outcome of looking for the first program.</summary>
[MustUse]
public enum BundleResult : byte
{
    /// <summary>It is there.</summary>
    Found,

    /// <summary>The loader passed no module: an instance without programs.</summary>
    NoModule,

    /// <summary>The module is no bundle of this version, or its index lies outside of it.</summary>
    NotABundle,

    /// <summary>The bundle has no program called <c>init</c>.</summary>
    NoInit,
}

/// <summary>Where the bundle lies, and in it the first program.</summary>
public struct BundlePlace
{
    /// <summary>Physical address: a page.</summary>
    public ulong Base;

    /// <summary>Bytes.</summary>
    public ulong Bytes;

    /// <summary>Physical address of the first program's file: a page.</summary>
    public ulong File;

    /// <summary>Its bytes.</summary>
    public ulong FileBytes;
}

/// <summary>Reads the index of the bundle (docs/bundle.md). Untrusted; hashes are not compared here.</summary>
public static class BundleIndex
{
    /// <summary>Finds the first program.</summary>
    /// <param name="memory">Reaches the bundle.</param>
    /// <param name="address">Physical address of the module.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="place">Where all is, when the result is Found.</param>
    public static BundleResult Find<TMemory>(ref TMemory memory, ulong address, ulong bytes, out BundlePlace place)
        where TMemory : struct, IFirmwareMemory
    {
        place = default;
        if (!Bits.IsAligned(address, ImageLayout.PageSizeBytes) || bytes < BundleLayout.HeaderBytes
            || !memory.TryView(address, BundleLayout.HeaderBytes, out ReadOnlySpan<byte> header))
        {
            return BundleResult.NotABundle;
        }

        uint count = Bytes.Read<uint>(header, BundleLayout.CountOffset);
        if (Bytes.Read<ulong>(header, BundleLayout.MagicOffset) != BundleLayout.MagicValue
            || Bytes.Read<uint>(header, BundleLayout.VersionOffset) != BundleLayout.VersionValue
            || count > BundleLayout.EntriesMax
            || Bytes.Read<ulong>(header, BundleLayout.TotalOffset) > bytes)
        {
            return BundleResult.NotABundle;
        }

        int indexBytes = (int)count * BundleLayout.EntryBytes;
        if ((ulong)indexBytes > bytes - BundleLayout.HeaderBytes
            || !memory.TryView(address + BundleLayout.HeaderBytes, indexBytes, out ReadOnlySpan<byte> index))
        {
            return BundleResult.NotABundle;
        }

        place.Base = address;
        place.Bytes = bytes;
        return FindInit(index, ref place);
    }

    private static BundleResult FindInit(ReadOnlySpan<byte> index, ref BundlePlace place)
    {
        for (int at = 0; at < index.Length; at += BundleLayout.EntryBytes)
        {
            ReadOnlySpan<byte> entry = index.Slice(at, BundleLayout.EntryBytes);
            if (Bytes.Read<uint>(entry, BundleLayout.KindOffset) != (uint)BundleKind.Program
                || !Ascii.AreEqual(entry.Slice(BundleLayout.NameOffset, 5), "init\0"u8))
            {
                continue;
            }

            ulong offset = Bytes.Read<ulong>(entry, BundleLayout.ContentOffset);
            ulong size = Bytes.Read<ulong>(entry, BundleLayout.SizeOffset);
            if (!Bits.IsAligned(offset, ImageLayout.PageSizeBytes) || size > place.Bytes || offset > place.Bytes - size)
            {
                return BundleResult.NotABundle;
            }

            place.File = place.Base + offset;
            place.FileBytes = size;
            return BundleResult.Found;
        }

        return BundleResult.NoInit;
    }
}
