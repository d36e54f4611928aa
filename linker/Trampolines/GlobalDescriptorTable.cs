using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>The GDT: null, kernel code and data, null (32-bit user code), user data and code, TSS. 64 bytes.</summary>
/// <remarks>
/// In data, since LTR sets the busy bit. The accessed bits are set in advance: loading a segment writes nothing.
/// Sources: Intel SDM Vol. 3A, "Segment Descriptors" and "TSS Descriptor in 64-bit mode".
/// </remarks>
public sealed class GlobalDescriptorTable() : DataFragment(
    Symbol, FragmentPlace.Data, ImageLayout.GlobalDescriptorTableBytes, alignmentBytes: 64, TaskStateSegment.Symbol)
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = "gdt";

    /// <summary>Present, DPL 0, execute and read, accessed; L and G set. Base 0 and limit 4 GiB are ignored.</summary>
    public const ulong KernelCode = 0x00AF_9B00_0000_FFFF;

    /// <summary>Present, DPL 0, read and write, accessed; B and G set; base 0, limit 4 GiB.</summary>
    public const ulong KernelData = 0x00CF_9300_0000_FFFF;

    /// <summary><see cref="KernelData"/> with DPL 3.</summary>
    public const ulong UserData = 0x00CF_F300_0000_FFFF;

    /// <summary><see cref="KernelCode"/> with DPL 3.</summary>
    public const ulong UserCode = 0x00AF_FB00_0000_FFFF;

    /// <summary>Present, DPL 0, available 64-bit TSS.</summary>
    private const ulong AvailableTaskState = 0x89;

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        Write(bytes, ImageLayout.KernelCodeSelector, KernelCode);
        Write(bytes, ImageLayout.KernelDataSelector, KernelData);
        Write(bytes, ImageLayout.UserDataSelector, UserData);
        Write(bytes, ImageLayout.UserCodeSelector, UserCode);

        ulong task = context.AddressOf(TaskStateSegment.Symbol);
        Write(bytes, ImageLayout.TaskStateSelector, TaskStateLow(task));
        Write(bytes, ImageLayout.TaskStateSelector + 8, task >> 32);
    }

    /// <summary>The low half: limit, base bits 0 to 31, type. The high half is base bits 32 to 63.</summary>
    private static ulong TaskStateLow(ulong task) =>
        (TaskStateSegment.Bytes - 1)
        | ((task & 0xFF_FFFF) << 16)
        | (AvailableTaskState << 40)
        | (((task >> 24) & 0xFF) << 56);

    private static void Write(Span<byte> bytes, int selector, ulong descriptor) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[selector..], descriptor);
}
