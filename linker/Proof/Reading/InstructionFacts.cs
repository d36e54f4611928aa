using Iced.Intel;

namespace Atoll.Linker.Proof.Reading;

/// <summary>What is asked of instructions in several places.</summary>
public static class InstructionFacts
{
    /// <summary>Whether an operand is a constant in the instruction.</summary>
    public static bool HasImmediate(this in Instruction instruction, int operand) =>
        instruction.GetOpKind(operand) is OpKind.Immediate8 or OpKind.Immediate16 or OpKind.Immediate32 or OpKind.Immediate64
            or OpKind.Immediate8to16 or OpKind.Immediate8to32 or OpKind.Immediate8to64 or OpKind.Immediate32to64;
}
