using System.Buffers.Binary;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>One gate of the interrupt descriptor table.</summary>
/// <param name="Vector">0 to 255.</param>
/// <param name="Entry">64-bit function that it leads to; null when it leads to none.</param>
/// <param name="StackIndex">Entry of the interrupt stack table, 0 for none.</param>
/// <param name="Access">Present bit, privilege level and type.</param>
public sealed record InterruptGate(int Vector, CodeFunction? Entry, int StackIndex, byte Access)
{
    /// <summary>Vectors whose error code the processor pushes.</summary>
    private static readonly HashSet<int> s_withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    /// <summary>SS, RSP, RFLAGS, CS, RIP and the error code, if the vector has one.</summary>
    public int PushedBytes => (s_withErrorCode.Contains(Vector) ? 6 : 5) * sizeof(ulong);
}

/// <summary>The interrupt tables as the processor reads them.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "64-Bit Mode IDT", "Interrupt Stack Table" and "Task Management in 64-bit
/// Mode".</remarks>
public static class InterruptGates
{
    private const int GateBytes = 16;
    private const int GateCount = 256;
    private const byte Present = 0x80;
    private const int UserStackOffset = 4;
    private const int StackTableOffset = 36;
    private const int IOMapBaseOffset = 102;

    /// <summary>Bytes of a task state: with a lower limit the processor refuses to load it.</summary>
    public const int TaskStateBytes = 104;

    /// <summary>Functions that gates lead to.</summary>
    public static IEnumerable<CodeFunction> EntriesOf(ProofContext proof) =>
        (Read(proof) ?? []).Select(gate => gate.Entry).OfType<CodeFunction>();

    /// <summary>The gates that are present; null when the image claims a table that it has not.</summary>
    public static IReadOnlyList<InterruptGate>? Read(ProofContext proof)
    {
        if (proof.Claims.Traps is not { } traps)
        {
            return [];
        }

        ReadOnlySpan<byte> table = Content(proof, traps.DescriptorTable, GateCount * GateBytes).Span;
        if (table.Length == 0)
        {
            return null;
        }

        List<InterruptGate> gates = [];
        for (int vector = 0; vector < GateCount; vector++)
        {
            ReadOnlySpan<byte> gate = table.Slice(vector * GateBytes, GateBytes);
            if ((gate[5] & Present) != 0)
            {
                ulong entry = BinaryPrimitives.ReadUInt16LittleEndian(gate)
                    | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(gate[6..]) << 16)
                    | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(gate[8..]) << 32);
                CodeFunction? function = proof.Code.StartingAt(entry);
                gates.Add(new InterruptGate(vector, function is { Bitness: 64 } ? function : null, gate[4] & 7, gate[5]));
            }
        }

        return gates;
    }

    /// <summary>What the interrupt stack table holds at an index from 1; null when the image has no task
    /// state.</summary>
    public static ulong? StackTop(ProofContext proof, int index)
    {
        ReadOnlySpan<byte> state = Content(proof, proof.Claims.Traps!.TaskState, TaskStateBytes).Span;
        return state.Length == 0
            ? null
            : BinaryPrimitives.ReadUInt64LittleEndian(state[(StackTableOffset + ((index - 1) * sizeof(ulong)))..]);
    }

    /// <summary>The stack of interrupts from ring 3 (RSP0); null when the image has no task state.</summary>
    public static ulong? UserStackTop(ProofContext proof)
    {
        ReadOnlySpan<byte> state = Content(proof, proof.Claims.Traps!.TaskState, TaskStateBytes).Span;
        return state.Length == 0 ? null : BinaryPrimitives.ReadUInt64LittleEndian(state[UserStackOffset..]);
    }

    /// <summary>Where the processor looks for the I/O permission map, from the beginning of the task state; null when the image has none.</summary>
    public static int? IOMapBase(ProofContext proof)
    {
        ReadOnlySpan<byte> state = Content(proof, proof.Claims.Traps!.TaskState, TaskStateBytes).Span;
        return state.Length == 0 ? null : BinaryPrimitives.ReadUInt16LittleEndian(state[IOMapBaseOffset..]);
    }

    private static ReadOnlyMemory<byte> Content(ProofContext proof, string symbol, int sizeBytes) =>
        proof.Image.Find(symbol) is { } found ? proof.Image.At(found.Address, (ulong)sizeBytes) : default;
}
