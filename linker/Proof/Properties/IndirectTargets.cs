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

        foreach (IGrouping<CodeFunction, IndirectTransfer> transfers in proof.Indirect.All.GroupBy(transfer => transfer.Function))
        {
            CheckGuards(proof, transfers.Key, [.. transfers]);
        }

        HashSet<string> anywhere =
        [
            .. proof.Indirect.All.Where(transfer => transfer.Kind == IndirectKind.Anywhere).Select(transfer => transfer.Function.Name),
        ];
        foreach (string name in proof.Claims.JumpingAnywhere)
        {
            if (!anywhere.Contains(name))
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
            default:
                break;
        }
    }

    /// <summary>Whoever jumped in behind the comparison of a switch would bring an index that nobody compared.</summary>
    private static void CheckGuards(ProofContext proof, CodeFunction function, IndirectTransfer[] transfers)
    {
        SwitchTable[] tables = [.. transfers.Select(transfer => transfer.Switch).OfType<SwitchTable>().OrderBy(table => table.FirstGuarded)];
        if (tables.Length == 0)
        {
            return;
        }

        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            if (instruction.Op0Kind == OpKind.NearBranch64 && IsGuarded(tables, instruction.NearBranchTarget))
            {
                proof.Report(
                    ProofDiagnostics.IndirectTarget, function, instruction.IP, "jumps past the comparison of a switch");
            }
        }

        foreach (IndirectTransfer transfer in transfers)
        {
            if (transfer.Targets.Any(target => IsGuarded(tables, target)))
            {
                Report(proof, transfer, "leads past the comparison of a switch");
            }
        }
    }

    /// <summary>Whether a target lies between a comparison and its jump. Switches do not overlap: each is eight instructions in
    /// a row that end in their own jump.</summary>
    private static bool IsGuarded(SwitchTable[] tables, ulong target)
    {
        int low = 0;
        int high = tables.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = tables[middle].FirstGuarded <= target ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && target <= tables[low - 1].Jump;
    }

    private static void Report(ProofContext proof, IndirectTransfer transfer, string what) =>
        proof.Report(
            ProofDiagnostics.IndirectTarget,
            transfer.Function,
            transfer.Instruction.IP,
            $"is '{transfer.Instruction}', which {what}");
}
