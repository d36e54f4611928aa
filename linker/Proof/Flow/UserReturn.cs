using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>The end of a path to ring 3: RSP is loaded with a program's, and nothing uses it any more before
/// SYSRET.</summary>
public static class UserReturn
{
    /// <summary>Whether an instruction loads RSP with a word that is a program's.</summary>
    /// <param name="function">Where it is.</param>
    /// <param name="index">Its index.</param>
    public static bool LoadsStack(CodeFunction function, int index)
    {
        ReadOnlySpan<Instruction> code = function.Instructions;
        if (!IsLoad(code[index]) || code[index].Op0Register != Register.RSP)
        {
            return false;
        }

        int next = index + 1;
        while (next < code.Length && IsLoad(code[next]) && code[next].Op0Register != Register.RSP)
        {
            next++;
        }

        return next < code.Length && code[next].Mnemonic == Mnemonic.Sysretq;
    }

    /// <summary>MOV of a register from memory that is not found through RSP.</summary>
    private static bool IsLoad(in Instruction instruction) => instruction.Code == Code.Mov_r64_rm64
        && instruction.Op1Kind == OpKind.Memory
        && instruction.MemoryBase != Register.RSP;
}
