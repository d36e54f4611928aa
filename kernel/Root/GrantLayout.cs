using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Remote;

namespace Atoll.Root;

/// <summary>The memory that an instance was given for its programs, and what lies at its beginning.</summary>
/// <remarks>
/// Whoever provisions fills the first two parts: the tables of the window, and the file of the first program. Then come the kernel's own records and
/// the root CNode; all the rest becomes untyped memory.
/// </remarks>
public struct GrantLayout
{
    /// <summary>Physical address, a multiple of <see cref="ObjectWindow.PageBytes"/>. 0: there is no grant, and no program.</summary>
    public ulong Base;

    /// <summary>Bytes, a multiple of <see cref="ObjectWindow.PageBytes"/>.</summary>
    public ulong Bytes;

    /// <summary>Bytes of the first program's file.</summary>
    public ulong FileBytes;

    /// <summary>Physical address of the bundle, a page; 0: none.</summary>
    public ulong Bundle;

    /// <summary>Bytes of the bundle.</summary>
    public ulong BundleBytes;

    /// <summary>Bytes for the records of whoever makes channels; 0 where nobody does.</summary>
    public ulong ChannelRecordBytes;

    /// <summary>Bytes of device-interrupt records at the beginning of the record page.</summary>
    public const ulong IrqRecordBytes = 1024;

    /// <summary>Address spaces that the rest of the record page has room for.</summary>
    public const uint VSpaceCapacity = (uint)((ImageLayout.PageSizeBytes - IrqRecordBytes) / 16);

    private const ulong BytesPerChannel = 64 * 1024;

    private const ulong GibibyteShift = 30;

    /// <summary>End of the grant.</summary>
    public readonly ulong End => Base + Bytes;

    /// <summary>Level 2 tables of the window: one for each GiB that the grant touches.</summary>
    public readonly uint WindowTables => (uint)(((End - 1) >> (int)GibibyteShift) - (Base >> (int)GibibyteShift)) + 1;

    /// <summary>Where the first program's file lies.</summary>
    public readonly ulong File => Base + (WindowTables * ImageLayout.PageSizeBytes);

    /// <summary>The kernel's record page.</summary>
    public readonly ulong Records => Bits.AlignUp(File + FileBytes, ImageLayout.PageSizeBytes);

    /// <summary>The root CNode.</summary>
    public readonly ulong RootNode => Bits.AlignUp(Records + ImageLayout.PageSizeBytes, RootNodeBytes);

    /// <summary>Ends of channels.</summary>
    public readonly ulong Channels => RootNode + RootNodeBytes;

    /// <summary>How many there may be: one for each 64 KiB, so that their records take the 256th part of the grant.</summary>
    public readonly uint ChannelCapacity => Bytes >= Limits.ChannelsMax * BytesPerChannel ? Limits.ChannelsMax : (uint)(Bytes / BytesPerChannel);

    /// <summary>Records of capabilities that cross.</summary>
    public readonly ulong Crossings => Channels + (ChannelCapacity * (ulong)ChannelEntry.SizeBytes);

    /// <summary>Records of whoever makes channels, on the core that does.</summary>
    public readonly ulong ChannelRecords => Bits.AlignUp(Crossings + RemoteState.BytesFor(ChannelCapacity), CapabilitySlot.SizeBytes);

    /// <summary>First byte of untyped memory.</summary>
    public readonly ulong Free => Bits.AlignUp(ChannelRecords + ChannelRecordBytes, ImageLayout.PageSizeBytes);

    /// <summary>Bytes of the root CNode.</summary>
    public static ulong RootNodeBytes => 1UL << (RootSlot.RootRadix + ObjectSize.SlotBits);
}
