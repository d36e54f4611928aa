using Atoll.Linker.Proof.Flow;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Every indirect call and jump belongs to a set of targets that is known.</summary>
public static class IndirectTargets
{
    /// <summary>Checks.</summary>
    /// <returns>Indirect calls and jumps examined.</returns>
    public static int Check(ProofContext proof)
    {
        int examined = 0;
        foreach (IndirectTransfer transfer in proof.Indirect.All)
        {
            examined++;
            Check(proof, transfer);
        }

        foreach (string name in proof.Claims.JumpingAnywhere)
        {
            bool isUsed = proof.Indirect.All.Any(
                transfer => transfer.Kind == IndirectKind.Anywhere && transfer.Function.Name == name);
            if (!isUsed)
            {
                proof.Report(ProofDiagnostics.IdleClaim, $"'{name}' claims to jump anywhere and has no such jump.", name);
            }
        }

        return examined;
    }

    private static void Check(ProofContext proof, IndirectTransfer transfer)
    {
        switch (transfer.Kind)
        {
            case IndirectKind.Unknown:
                Report(proof, transfer, "leads nobody knows where");
                break;
            case IndirectKind.Constant
                when proof.Code.StartingAt(transfer.Targets[0])?.Bitness != transfer.Function.Bitness:
                string target = proof.Image.Describe(transfer.Targets[0]);
                Report(proof, transfer, $"leads to {target}, which is no function of this mode");
                break;
            case IndirectKind.Switch:
                CheckGuard(proof, transfer.Function, transfer.Switch!);
                break;
            default:
                break;
        }
    }

    /// <summary>Whoever jumped in behind the comparison would bring an index that nobody compared.</summary>
    private static void CheckGuard(ProofContext proof, CodeFunction function, SwitchTable table)
    {
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            bool isBranch = instruction.Op0Kind == OpKind.NearBranch64;
            if (isBranch && IsGuarded(table, instruction.NearBranchTarget))
            {
                proof.Report(
                    ProofDiagnostics.IndirectTarget, function, instruction.IP, "jumps past the comparison of a switch");
            }
        }

        foreach (IndirectTransfer other in proof.Indirect.All.Where(other => other.Function == function))
        {
            if (other.Targets.Any(target => IsGuarded(table, target)))
            {
                Report(proof, other, "leads past the comparison of a switch");
            }
        }
    }

    private static bool IsGuarded(SwitchTable table, ulong target) => target >= table.FirstGuarded && target <= table.Jump;

    private static void Report(ProofContext proof, IndirectTransfer transfer, string what) =>
        proof.Report(
            ProofDiagnostics.IndirectTarget,
            transfer.Function,
            transfer.Instruction.IP,
            $"is '{transfer.Instruction}', which {what}");
}
