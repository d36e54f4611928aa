using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>Slots of the first program's root CNode that the kernel fills. The CNode has
/// <see cref="RootRadix"/> bits, and an address is a slot's index.</summary>
public static class RootSlot
{
    /// <summary>Slots of the root CNode, as log2.</summary>
    public const int RootRadix = 10;

    /// <summary>Always empty, so that address 0 names nothing.</summary>
    public const uint Null = 0;

    /// <summary>The root CNode itself.</summary>
    public const uint CNode = 1;

    /// <summary>Its address space.</summary>
    public const uint VSpace = 2;

    /// <summary>Its thread.</summary>
    public const uint Thread = 3;

    /// <summary>Its budget.</summary>
    public const uint SchedulingContext = 4;

    /// <summary>The frame with its message buffer.</summary>
    public const uint MessageBuffer = 5;

    /// <summary>Interrupts.</summary>
    public const uint IrqControl = 6;

    /// <summary>Ports.</summary>
    public const uint IoPortControl = 7;

    /// <summary>Budgets.</summary>
    public const uint SchedulingControl = 8;

    /// <summary>The instance.</summary>
    public const uint InstanceControl = 9;

    /// <summary>The frame with <see cref="BootInformation"/>.</summary>
    public const uint Information = 10;

    /// <summary>The first of what varies: untyped memory, then the bundle's frames, then what init itself lies
    /// in.</summary>
    public const uint First = 16;
}

/// <summary>What the kernel tells the first program of an instance. One page, read-only for the program, mapped at
/// <see cref="Address"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct BootInformation
{
    /// <summary>"ATOLINFO" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x4F46_4E49_4C4F_5441;

    /// <summary>Where it is mapped.</summary>
    public const ulong Address = 0x0000_0000_0020_0000;

    /// <summary>Where the message buffer of the first thread is mapped.</summary>
    public const ulong BufferAddress = 0x0000_0000_0020_1000;

    /// <summary>Most untyped regions that are listed.</summary>
    public const int UntypedMax = 64;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)] public ulong Magic;

    /// <summary>Core number.</summary>
    [FieldOffset(8)] public uint Core;

    /// <summary>Cores of the machine that have an instance, or were meant to.</summary>
    [FieldOffset(12)] public uint Cores;

    /// <summary>TSC ticks a second.</summary>
    [FieldOffset(16)] public ulong TscHz;

    /// <summary>Slots from <see cref="FirstUntyped"/> on that hold untyped memory.</summary>
    [FieldOffset(24)] public uint UntypedCount;

    /// <summary>The first of them.</summary>
    [FieldOffset(28)] public uint FirstUntyped;

    /// <summary>Frames of 4 KiB that hold the bundle, read-only.</summary>
    [FieldOffset(32)] public uint BundleFrames;

    /// <summary>Slot of the first of them.</summary>
    [FieldOffset(36)] public uint FirstBundleFrame;

    /// <summary>Bytes of the bundle.</summary>
    [FieldOffset(40)] public ulong BundleBytes;

    /// <summary>First free slot.</summary>
    [FieldOffset(48)] public uint FirstFree;

    /// <summary>The first slot of the untyped regions that are registers of devices.</summary>
    [FieldOffset(52)] public uint FirstDevice;

    /// <summary>How many there are: they follow one another from <see cref="DeviceBase"/> on, each as large as its address and the end allow.</summary>
    [FieldOffset(56)] public uint DeviceCount;

    /// <summary>log2 of the bytes of each untyped, in the order of the slots.</summary>
    [FieldOffset(64)] public UntypedSizes Sizes;

    /// <summary>Physical address of the first device region.</summary>
    [FieldOffset(128)] public ulong DeviceBase;

    /// <summary>One past the last.</summary>
    [FieldOffset(136)] public ulong DeviceEnd;

    /// <summary>Physical address of the registers of the machine's DMA remapping unit, a page; 0: there is none. The slot behind the last device region holds it.</summary>
    [FieldOffset(144)] public ulong Remapping;
}

/// <summary>log2 of the bytes of untyped regions.</summary>
[InlineArray(BootInformation.UntypedMax)]
public struct UntypedSizes
{
    private byte _bits0;
}
