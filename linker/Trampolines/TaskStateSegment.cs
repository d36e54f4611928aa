using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>The 64-bit TSS: stacks for entries from user mode and for #DF, NMI and #MC. 104 bytes.</summary>
/// <remarks>
/// Aligned so that it lies in one page. All instances have their stacks at the same addresses, so the contents are
/// known at link time. Source: Intel SDM Vol. 3A, "Task Management in 64-bit Mode".
/// </remarks>
public sealed class TaskStateSegment()
    : DataFragment(Symbol, FragmentPlace.Data, Bytes, alignmentBytes: 128)
{
    /// <summary>Symbol of the segment.</summary>
    public const string Symbol = "tss";

    /// <summary>Bytes of the segment, without an I/O permission map.</summary>
    public const int Bytes = 104;

    private const int StackPointer0Offset = 4;
    private const int InterruptStackTableOffset = 36;
    private const int IOMapBaseOffset = 102;

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        Stacks =
        [
            new("kernel", ImageLayout.StackBase, ImageLayout.StackTop),
            OnePage("double-fault", ImageLayout.DoubleFaultStackBase),
            OnePage("nmi", ImageLayout.NmiStackBase),
            OnePage("machine-check", ImageLayout.MachineCheckStackBase),
        ],
    };

    private static StackRange OnePage(string name, ulong low) => new(name, low, low + ImageLayout.PageSizeBytes);

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[StackPointer0Offset..], ImageLayout.StackTop);
        WriteInterruptStack(bytes, ImageLayout.DoubleFaultStackIndex, ImageLayout.DoubleFaultStackBase);
        WriteInterruptStack(bytes, ImageLayout.NmiStackIndex, ImageLayout.NmiStackBase);
        WriteInterruptStack(bytes, ImageLayout.MachineCheckStackIndex, ImageLayout.MachineCheckStackBase);
        // At or beyond the limit: no port is open to user mode.
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[IOMapBaseOffset..], Bytes);
    }

    private static void WriteInterruptStack(Span<byte> bytes, byte index, ulong stackBase) =>
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes[(InterruptStackTableOffset + ((index - 1) * sizeof(ulong)))..],
            stackBase + ImageLayout.PageSizeBytes);
}
