using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Every direct branch leads to an instruction: a call to a function, a jump to one's own or to a
/// function.</summary>
/// <remarks>So the instructions that were decoded are all that can ever be executed, short of an indirect
/// transfer.</remarks>
public static class BranchTargets
{
    /// <summary>Checks.</summary>
    /// <returns>Branches examined.</returns>
    public static int Check(ProofContext proof)
    {
        int examined = 0;
        foreach (CodeFunction function in proof.Code.Functions)
        {
            foreach (ref readonly Instruction instruction in function.Instructions)
            {
                if (TargetOf(instruction) is { } target)
                {
                    examined++;
                    if (!IsGood(proof, function, instruction, target))
                    {
                        proof.Report(
                            ProofDiagnostics.BranchTarget,
                            function,
                            instruction.IP,
                            $"is '{instruction}' to {proof.Image.Describe(target)}, where no instruction begins that it may go to");
                    }
                }
            }
        }

        return examined;
    }

    private static ulong? TargetOf(in Instruction instruction) => instruction.Op0Kind switch
    {
        OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64 => instruction.NearBranchTarget,
        OpKind.FarBranch16 => instruction.FarBranch16,
        OpKind.FarBranch32 => instruction.FarBranch32,
        _ => null,
    };

    /// <summary>A call of a routine inside the same function occurs in 32-bit trampolines only.</summary>
    private static bool IsGood(ProofContext proof, CodeFunction function, in Instruction instruction, ulong target)
    {
        bool isFar = instruction.Op0Kind is OpKind.FarBranch16 or OpKind.FarBranch32;
        bool mayStay = !isFar && (instruction.FlowControl != FlowControl.Call || function.Bitness == 32);
        CodeFunction? callee = proof.Code.StartingAt(target);
        bool isFunction = callee is not null && (isFar || callee.Bitness == function.Bitness);
        return isFunction || (mayStay && function.IndexOf(target) >= 0);
    }
}
