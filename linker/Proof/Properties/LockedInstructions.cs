using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>No instruction locks the bus or a cache line.</summary>
/// <remarks>
/// A LOCK prefix, and XCHG with memory, which locks without one (Intel SDM Vol. 3A, "Automatic Locking"). The
/// processor's own
/// locked accesses to descriptors and page tables are no instruction's operand and are not meant.
/// </remarks>
public static class LockedInstructions
{
    /// <summary>Checks.</summary>
    /// <returns>Instructions examined.</returns>
    public static int Check(ProofContext proof)
    {
        int examined = 0;
        foreach (CodeFunction function in proof.Code.Functions)
        {
            foreach (ref readonly Instruction instruction in function.Instructions)
            {
                examined++;
                if (instruction.HasLockPrefix)
                {
                    proof.Report(
                        ProofDiagnostics.Lock, function, instruction.IP, $"is '{instruction}' with a LOCK prefix");
                }
                else if (instruction.Mnemonic == Mnemonic.Xchg && HasMemory(instruction))
                {
                    proof.Report(
                        ProofDiagnostics.Lock, function, instruction.IP, $"is '{instruction}', which locks without a prefix");
                }
            }
        }

        return examined;
    }

    private static bool HasMemory(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Memory || instruction.Op1Kind == OpKind.Memory;
}
