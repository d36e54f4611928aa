using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>Slots of a program's CNode that Init fills for every program.</summary>
public static class ProgramSlot
{
    /// <summary>log2 of the slots of a program's CNode, unless it needs more.</summary>
    public const int Radix = 6;

    /// <summary>log2 of the most slots of a program's CNode that has no need of many ends of channels.</summary>
    public const int RadixWide = 7;

    /// <summary>log2 of the most slots of a program's CNode.</summary>
    public const int RadixMax = 13;

    /// <summary>Always empty, so that address 0 names nothing.</summary>
    public const uint Null = 0;

    /// <summary>The first reply object. Others follow at <see cref="ProgramInformation.FirstReply"/>.</summary>
    public const uint Reply = 1;

    /// <summary>The first of what its manifest asks for.</summary>
    public const uint First = 8;
}

/// <summary>What a program finds at its start: one page, read-only, at <see cref="Address"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct ProgramInformation
{
    /// <summary>"ATOLPROG" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x474F_5250_4C4F_5441;

    /// <summary>Where it is mapped.</summary>
    public const ulong Address = BootInformation.Address;

    /// <summary>Where the message buffer of the first thread is mapped.</summary>
    public const ulong BufferAddress = BootInformation.BufferAddress;

    /// <summary>Where the pages of the first channel of rings are mapped. They are in the range of the page table that maps this page too.</summary>
    public const ulong ChannelBase = 0x0020_4000;

    /// <summary>Distance of the pages of one channel from those of the next: two pages, and two that are not mapped.</summary>
    public const ulong ChannelStride = 4 * ImageLayout.PageSizeBytes;

    /// <summary>Most channels of rings: below the longest stack.</summary>
    public const uint ChannelsMax = 24;

    /// <summary>Bit that the first channel signals; the next signal those above. Interrupts have the lower ones.</summary>
    public const int FirstChannelBit = 32;

    /// <summary>Bit that all ends of a need with a count signal: which of them, the kernel lists.</summary>
    public const int ManyChannelsBit = 56;

    /// <summary>Where the pages of the first of many channels are mapped, of a need with a count.</summary>
    public const ulong ManyChannelsBase = 0x4000_0000;

    /// <summary>Distance of the pages of one of them from those of the next.</summary>
    public const ulong ManyChannelsStride = 2 * ImageLayout.PageSizeBytes;

    /// <summary>Most ends of such a need: as many as a core has.</summary>
    public const uint ManyChannelsMax = 4096;

    /// <summary>Upper end of the stack. The page below its lower end is not mapped.</summary>
    public const ulong StackTop = 0x0038_0000;

    /// <summary>Where a program maps pages of its own choice, as registers of devices: the page tables are there already, because the stack lies below.</summary>
    public const ulong WindowAddress = 0x003C_0000;

    /// <summary>One past the window: 64 pages.</summary>
    public const ulong WindowEnd = 0x0040_0000;

    /// <summary>Where a program maps frames of 2 MiB of its own choice, as those that a program of another core has given. The table above is there already: the image lies below.</summary>
    public const ulong LargeWindowAddress = 0x3000_0000;

    /// <summary>One past that window: 8 frames.</summary>
    public const ulong LargeWindowEnd = 0x3100_0000;

    /// <summary>Most entries of <see cref="Grants"/>.</summary>
    public const int GrantsMax = 52;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)] public ulong Magic;

    /// <summary>Core number.</summary>
    [FieldOffset(8)] public uint Core;

    /// <summary>Cores of the machine that were meant to get an instance.</summary>
    [FieldOffset(12)] public uint Cores;

    /// <summary>TSC ticks a second.</summary>
    [FieldOffset(16)] public ulong TscHz;

    /// <summary>Its position in the system.</summary>
    [FieldOffset(24)] public uint Index;

    /// <summary>How often it was started on this core before.</summary>
    [FieldOffset(28)] public uint Restarts;

    /// <summary>Its name in the system.</summary>
    [FieldOffset(32)] public ProgramName Name;

    /// <summary>Slot of the first reply object.</summary>
    [FieldOffset(64)] public uint FirstReply;

    /// <summary>Reply objects.</summary>
    [FieldOffset(68)] public uint Replies;

    /// <summary>Entries of <see cref="Grants"/>.</summary>
    [FieldOffset(72)] public uint GrantCount;

    /// <summary>Bytes of <see cref="Arguments"/>.</summary>
    [FieldOffset(76)] public uint ArgumentBytes;

    /// <summary>What the system says to it.</summary>
    [FieldOffset(80)] public ProgramArguments Arguments;

    /// <summary>What it was given.</summary>
    [FieldOffset(256)] public ProgramGrants Grants;
}

/// <summary>Arguments of a program.</summary>
[InlineArray(SizeBytes)]
public struct ProgramArguments
{
    /// <summary>Most bytes.</summary>
    public const int SizeBytes = 176;

    private byte _byte0;
}

/// <summary>What a program was given, in the order of its manifest.</summary>
[InlineArray(ProgramInformation.GrantsMax)]
public struct ProgramGrants
{
    private GrantRecord _grant0;
}
