using Atoll.Abi;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Nothing that runs after boot leads into the boot segment, whose memory has other uses by then.</summary>
/// <remarks>
/// A function outside of that segment may refer to it only if it is on the way to it: then no other function outside refers to that one, and no
/// interrupt, system call or other entry begins there. A reference is the target of a branch, an address relative to the instruction, or a constant
/// that is the address of such a function. Constants that lie in the boot segment are none: whoever gives its memory back names it.
/// </remarks>
public static class BootCode
{
    /// <summary>Checks.</summary>
    /// <returns>References examined: those of code outside of the boot segment.</returns>
    public static int Check(ProofContext proof)
    {
        int examined = 0;
        HashSet<CodeFunction> onTheWay = [];
        foreach (CodeFunction function in Staying(proof))
        {
            foreach (ref readonly Instruction instruction in function.Instructions)
            {
                if (AddressIn(instruction) is not { } address)
                {
                    continue;
                }

                examined++;
                if (IsOfBoot(address))
                {
                    onTheWay.Add(function);
                }
            }
        }

        foreach (CodeFunction function in Staying(proof))
        {
            CheckReferences(proof, function, onTheWay);
        }

        CheckEntries(proof, onTheWay);
        return examined;
    }

    private static void CheckReferences(ProofContext proof, CodeFunction function, HashSet<CodeFunction> onTheWay)
    {
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            ulong? address = AddressIn(instruction) ?? ConstantIn(instruction);
            if (address is { } named && proof.Code.StartingAt(named) is { } target && target != function && onTheWay.Contains(target))
            {
                proof.Report(
                    ProofDiagnostics.BootCode, function, instruction.IP,
                    $"is '{instruction}' and leads to '{target}', which leads into the boot segment");
            }
        }
    }

    private static void CheckEntries(ProofContext proof, HashSet<CodeFunction> onTheWay)
    {
        IEnumerable<string> names = [.. proof.Claims.Entries.Select(entry => entry.Name), .. proof.Claims.UserEntries, .. proof.Claims.Abandoning];
        IEnumerable<CodeFunction> entries = names.SelectMany(proof.Code.Named).Concat(InterruptGates.EntriesOf(proof));
        foreach (CodeFunction entry in entries.Where(onTheWay.Contains).Distinct())
        {
            proof.Report(ProofDiagnostics.BootCode, entry, entry.Address, "is an entry, and leads into the boot segment");
        }
    }

    private static IEnumerable<CodeFunction> Staying(ProofContext proof) => proof.Code.Functions.Where(function => !IsOfBoot(function.Address));

    private static bool IsOfBoot(ulong address) => address is >= ImageLayout.BootSegmentBase and < ImageLayout.BootSegmentLimit;

    private static ulong? AddressIn(in Instruction instruction) =>
        instruction.Op0Kind is OpKind.NearBranch64 ? instruction.NearBranch64
        : instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress
        : null;

    private static ulong? ConstantIn(in Instruction instruction)
    {
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            if (instruction.HasImmediate(operand))
            {
                return instruction.GetImmediate(operand);
            }
        }

        return null;
    }
}
