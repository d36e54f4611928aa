using Atoll.Abi;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>Where the memory operand of an instruction lies: on the kernel's stack, at a known address, or in the context
/// of the thread that goes on.</summary>
internal static class MemoryPlace
{
    /// <summary>Depth of a word that is found through RSP.</summary>
    public static long? SlotOf(in Instruction instruction, RegisterState state) =>
        instruction.MemoryBase == Register.RSP && instruction.MemoryIndex == Register.None && state.Depth is { } depth
            ? depth - unchecked((long)instruction.MemoryDisplacement64)
            : null;

    /// <summary>Address that needs no register.</summary>
    public static ulong? AddressOf(in Instruction instruction) =>
        instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress
        : instruction.MemoryBase == Register.None && instruction.MemoryIndex == Register.None ? instruction.MemoryDisplacement64
        : null;

    /// <summary>Whether one of the first two operands is memory.</summary>
    public static bool HasMemory(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Memory || (instruction.OpCount > 1 && instruction.Op1Kind == OpKind.Memory);

    /// <summary>Offset in the context of the thread that goes on.</summary>
    public static ulong? ContextOffsetOf(in Instruction instruction, RegisterState state) =>
        instruction.MemoryIndex == Register.None && instruction.MemoryBase.IsGPR64()
        && state[instruction.MemoryBase].Kind == ValueKind.Context
            ? instruction.MemoryDisplacement64
            : null;

    /// <summary>The word that is there.</summary>
    public static RegisterValue Load(in Instruction instruction, RegisterState state)
    {
        if (SlotOf(instruction, state) is { } slot)
        {
            return state.Stack.GetValueOrDefault(slot);
        }

        if (AddressOf(instruction) is { } address)
        {
            return address switch
            {
                ImageLayout.StatePage + EntryState.CurrentOffset => new(ValueKind.Context),
                ImageLayout.StatePage + EntryState.UserRspOffset when state is { IsStackNoted: true, IsSwitched: false } =>
                    new(ValueKind.OwnStack),
                ImageLayout.StatePage + EntryState.LoadedFsBaseOffset => new(ValueKind.LoadedFsBase),
                _ => RegisterValue.Unknown,
            };
        }

        return ContextOffsetOf(instruction, state) is { } offset ? new(ValueKind.Field, offset) : RegisterValue.Unknown;
    }
}
