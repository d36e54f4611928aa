using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>What the linker tells the kernel about the image it is in. Read-only data, 128 bytes.</summary>
/// <remarks>
/// The kernel gets its address from the stub <c>x64_image_info</c>. Ends are exclusive.
/// Virtual ranges of segments begin and end on page boundaries.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ImageInfo
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 128;

    /// <summary>"ATOLLIMG" read as a little-endian word.</summary>
    public const ulong MagicValue = 0x474D_494C_4C4F_5441;

    /// <summary>Version of this structure and of <see cref="ImageLayout"/>.</summary>
    public const uint VersionValue = 1;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)] public ulong Magic;

    /// <summary><see cref="VersionValue"/>.</summary>
    [FieldOffset(8)] public uint Version;

    /// <summary>Rows of the unwind table.</summary>
    [FieldOffset(12)] public uint UnwindRowCount;

    /// <summary>First virtual address of text. Equals <see cref="ImageLayout.ImageBase"/>.</summary>
    [FieldOffset(16)] public ulong TextStart;

    /// <summary>Virtual end of text, page aligned.</summary>
    [FieldOffset(24)] public ulong TextEnd;

    /// <summary>First virtual address of read-only data.</summary>
    [FieldOffset(32)] public ulong ReadOnlyStart;

    /// <summary>Virtual end of read-only data, page aligned.</summary>
    [FieldOffset(40)] public ulong ReadOnlyEnd;

    /// <summary>First virtual address of data. Each instance has its own copy there.</summary>
    [FieldOffset(48)] public ulong DataStart;

    /// <summary>Virtual end of data and zero-initialised data, page aligned.</summary>
    [FieldOffset(56)] public ulong DataEnd;

    /// <summary>Bytes of data to copy from the pristine copy. The rest up to <see cref="DataEnd"/> is zero.</summary>
    [FieldOffset(64)] public ulong DataFileBytes;

    /// <summary>Physical end of the boot segment, page aligned. It is free memory once the first instance
    /// runs.</summary>
    [FieldOffset(72)] public ulong BootSegmentEnd;

    /// <summary>Virtual address of the code to copy to <see cref="ImageLayout.ApStartPage"/>.</summary>
    [FieldOffset(80)] public ulong ApStartCode;

    /// <summary>Bytes of that code. At most <see cref="ImageLayout.ApStartParametersOffset"/>.</summary>
    [FieldOffset(88)] public ulong ApStartCodeBytes;

    /// <summary>Virtual address of the sorted unwind table (<see cref="UnwindRow"/>).</summary>
    [FieldOffset(96)] public ulong UnwindTable;

    /// <summary>Build id: the first 20 bytes of a SHA-256.</summary>
    [FieldOffset(104)] public BuildId BuildId;

    /// <summary>Bytes of code, page aligned, at <see cref="ImageLayout.BootSegmentBase"/>. They are gone with the boot segment.</summary>
    [FieldOffset(124)] public uint BootCodeBytes;
}

/// <summary>Identifies one build of an image by its content. 20 bytes.</summary>
[InlineArray(SizeBytes)]
public struct BuildId
{
    /// <summary>Bytes in a build id, as in a GNU build-id note.</summary>
    public const int SizeBytes = 20;

    private byte _byte0;
}
