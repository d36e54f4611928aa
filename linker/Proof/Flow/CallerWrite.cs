using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>A write of a function to its caller's part of the stack.</summary>
/// <remarks>The System V ABI gives arguments on the stack to the callee, which may write them. The caller's words above
/// them it may not.</remarks>
/// <param name="Address">The instruction.</param>
/// <param name="EndDepth">Where the write ends: bytes below the canonical frame address; negative above it.</param>
public sealed record CallerWrite(ulong Address, long EndDepth)
{
    /// <summary>What an instruction writes there; null when nothing. An address that is taken may be used to write
    /// anything.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="state">Where RSP and RBP are before it.</param>
    /// <param name="facts">Tells what it writes; not shared between threads.</param>
    public static CallerWrite? Of(in Instruction instruction, in StackState state, InstructionInfoFactory facts)
    {
        int? origin = instruction.MemoryBase switch
        {
            Register.RSP => state.DepthBytes,
            Register.RBP => state.FrameDepthBytes,
            _ => null,
        };
        bool isMemory = instruction.Op0Kind == OpKind.Memory || (instruction.OpCount > 1 && instruction.Op1Kind == OpKind.Memory);
        if (!isMemory || origin is not { } depth || state.OwnStackTop is not null)
        {
            return null;
        }

        long begin = depth - unchecked((long)instruction.MemoryDisplacement64);
        bool isBelow = begin > 0;
        return isBelow ? null
            : TakesAddress(instruction) ? new(instruction.IP, long.MinValue)
            : Writes(instruction, facts) ? new(instruction.IP, EndOf(instruction, begin))
            : null;
    }

    private static long EndOf(in Instruction instruction, long begin) =>
        instruction.MemoryIndex == Register.None ? begin - instruction.MemorySize.GetSize() : long.MinValue;

    /// <summary>RSP and RBP are followed: only other registers carry an address away.</summary>
    private static bool TakesAddress(in Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Lea && instruction.Op0Register.GetFullRegister() is not (Register.RSP or Register.RBP);

    private static bool Writes(in Instruction instruction, InstructionInfoFactory facts)
    {
        foreach (UsedMemory memory in facts.GetInfo(instruction).GetUsedMemory())
        {
            bool isWrite = memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            if (isWrite && memory.Base == instruction.MemoryBase && memory.Displacement == instruction.MemoryDisplacement64)
            {
                return true;
            }
        }

        return false;
    }
}
