using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>The IDT: 256 interrupt gates of 16 bytes, one page of read-only data.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "64-Bit Mode IDT" and "Interrupt Stack Table".</remarks>
public sealed class InterruptDescriptorTable()
    : DataFragment(Symbol, FragmentPlace.ReadOnly, Bytes, alignmentBytes: Bytes, s_references)
{
    /// <summary>Symbol of the table.</summary>
    public const string Symbol = "idt";

    /// <summary>Bytes of the table.</summary>
    public const int Bytes = InterruptEntries.Count * GateBytes;

    private const int GateBytes = 16;

    /// <summary>Present, DPL 0, 64-bit interrupt gate: the processor clears IF.</summary>
    private const byte InterruptGate = 0x8E;

    /// <summary>A fault ends the instance; one more while its record is written ends that too
    /// (InstancePanic).</summary>
    private const int TrapsNested = 2;

    private static readonly string[] s_references =
        [InterruptEntries.Symbol, .. WakeEntry.Vectors.Select(vector => WakeEntry.SymbolOf(vector))];

    private const int NonMaskableInterrupt = 2;
    private const int DoubleFault = 8;
    private const int MachineCheck = 18;

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        Traps = new TrapNesting(TaskStateSegment.Symbol, TrapsNested),
    };

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        ulong entries = context.AddressOf(InterruptEntries.Symbol);
        for (int vector = 0; vector < InterruptEntries.Count; vector++)
        {
            ulong entry = WakeEntry.Vectors.Contains((byte)vector)
                ? context.AddressOf(WakeEntry.SymbolOf(vector))
                : entries + (ulong)InterruptEntries.OffsetOf(vector);
            WriteGate(bytes.Slice(vector * GateBytes, GateBytes), entry, StackOf(vector));
        }
    }

    /// <summary>Gate: offset 0–15, selector, stack, type, offset 16–31, offset 32–63, zero.</summary>
    private static void WriteGate(Span<byte> gate, ulong entry, byte stack)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(gate, (ushort)entry);
        BinaryPrimitives.WriteUInt16LittleEndian(gate[2..], ImageLayout.KernelCodeSelector);
        gate[4] = stack;
        gate[5] = InterruptGate;
        BinaryPrimitives.WriteUInt16LittleEndian(gate[6..], (ushort)(entry >> 16));
        BinaryPrimitives.WriteUInt32LittleEndian(gate[8..], (uint)(entry >> 32));
    }

    /// <summary>Index in the interrupt stack table; 0 for the stack that the processor is on, or that of ring 0.</summary>
    public static byte StackOf(int vector) => vector switch
    {
        NonMaskableInterrupt => ImageLayout.NmiStackIndex,
        DoubleFault => ImageLayout.DoubleFaultStackIndex,
        MachineCheck => ImageLayout.MachineCheckStackIndex,
        _ => 0,
    };
}
