using System.Buffers.Binary;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>Recognises the indirect jump that RyuJIT makes of a <c>switch</c>, and reads its table.</summary>
/// <remarks>
/// Only this shape, eight instructions without a gap, is recognised:
/// <code>
/// cmp  index32, last
/// ja   default
/// mov  zero-extended32, index32
/// lea  table, [rip+…]
/// mov  offset32, [table + zero-extended*4]
/// lea  base, [rip+…]
/// add  offset, base
/// jmp  offset
/// </code>
/// The table must be read-only, and every entry up to the last must lead to an instruction of the function. That nobody
/// jumps into the shape past the comparison is checked by whoever knows all jumps (<see cref="FirstGuarded"/>).
/// </remarks>
/// <param name="FirstGuarded">Address of the instruction behind JA.</param>
/// <param name="Jump">Address of the jump.</param>
/// <param name="Targets">Where the entries lead.</param>
public sealed record SwitchTable(ulong FirstGuarded, ulong Jump, IReadOnlyList<ulong> Targets)
{
    private const int Instructions = 8;

    /// <summary>Entries that are still believed to be a switch of C#.</summary>
    private const ulong EntriesMax = ushort.MaxValue;

    /// <summary>Recognises the switch that ends in a jump; null when it is none.</summary>
    /// <param name="image">The image.</param>
    /// <param name="function">Function of the jump.</param>
    /// <param name="jumpIndex">Index of the jump in it.</param>
    /// <param name="budget">Entries that may still be read: jumps can share a table, and not all of a large one.</param>
    public static SwitchTable? Find(WrittenImage image, CodeFunction function, int jumpIndex, ref long budget)
    {
        if (jumpIndex + 1 < Instructions)
        {
            return null;
        }

        ReadOnlySpan<Instruction> shape = function.Instructions.Slice(jumpIndex + 1 - Instructions, Instructions);
        if (LastIndex(shape) is not { } last || Table(shape) is not { } table || Origin(shape) is not { } origin)
        {
            return null;
        }

        budget -= (long)last + 1;
        if (budget < 0)
        {
            return null;
        }

        bool isReadOnly = !image.Loads.Any(load => load.IsWritable && load.Holds(table));
        ReadOnlySpan<byte> entries = image.At(table, (last + 1) * sizeof(int)).Span;
        List<ulong> targets = new(entries.Length / sizeof(int));
        for (int offset = 0; offset < entries.Length; offset += sizeof(int))
        {
            // The offset is loaded without its sign: a target lies behind the base.
            targets.Add(unchecked(origin + BinaryPrimitives.ReadUInt32LittleEndian(entries[offset..])));
        }

        return isReadOnly && targets.Count > 0 && targets.TrueForAll(target => function.IndexOf(target) >= 0)
            ? new SwitchTable(shape[2].IP, shape[^1].IP, targets)
            : null;
    }

    /// <summary>CMP, JA and MOV: what the index is at most.</summary>
    private static ulong? LastIndex(ReadOnlySpan<Instruction> shape)
    {
        Instruction compare = shape[0];
        bool isCompare = compare.Code is Code.Cmp_rm32_imm8 or Code.Cmp_rm32_imm32 or Code.Cmp_EAX_imm32
            && compare.Op0Kind == OpKind.Register;
        bool isGuarded = shape[1].Code is Code.Ja_rel8_64 or Code.Ja_rel32_64;
        bool isExtended = shape[2].Code is Code.Mov_r32_rm32 or Code.Mov_rm32_r32
            && shape[2].Op0Kind == OpKind.Register && shape[2].Op1Kind == OpKind.Register
            && shape[2].Op1Register == compare.Op0Register;
        ulong last = isCompare ? (uint)compare.GetImmediate(1) : ulong.MaxValue;
        return isCompare && isGuarded && isExtended && last < EntriesMax ? last : null;
    }

    /// <summary>LEA and MOV: where the table is.</summary>
    private static ulong? Table(ReadOnlySpan<Instruction> shape)
    {
        Instruction load = shape[4];
        bool isLoad = load.Code == Code.Mov_r32_rm32 && load.Op1Kind == OpKind.Memory
            && load.MemoryIndexScale == sizeof(int) && load.MemoryDisplacement64 == 0
            && load.MemoryBase == shape[3].Op0Register
            && load.MemoryIndex == shape[2].Op0Register.GetFullRegister()
            && load.MemoryBase != load.MemoryIndex;
        return isLoad && IsAddress(shape[3]) ? shape[3].IPRelativeMemoryAddress : null;
    }

    /// <summary>LEA, ADD and JMP: what the entries count from.</summary>
    private static ulong? Origin(ReadOnlySpan<Instruction> shape)
    {
        Register offset = shape[4].Op0Register.GetFullRegister();
        bool isSum = shape[6].Code is Code.Add_r64_rm64 or Code.Add_rm64_r64
            && shape[6].Op0Kind == OpKind.Register && shape[6].Op1Kind == OpKind.Register
            && shape[6].Op0Register == offset && shape[6].Op1Register == shape[5].Op0Register
            && shape[5].Op0Register != offset;
        bool isJump = shape[7].Code == Code.Jmp_rm64 && shape[7].Op0Kind == OpKind.Register
            && shape[7].Op0Register == offset;
        return isSum && isJump && IsAddress(shape[5]) ? shape[5].IPRelativeMemoryAddress : null;
    }

    private static bool IsAddress(in Instruction instruction) =>
        instruction.Code == Code.Lea_r64_m && instruction.IsIPRelativeMemoryOperand;
}
