using Atoll.Linker.Proof.Flow;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>What a function, with all that it can reach, does to vector registers, x87 and MXCSR.</summary>
/// <param name="Vectors">XMM0 to XMM15 as bits 0 to 15, wherever an instruction names one.</param>
/// <param name="ChangesState">An instruction of x87, MMX or AVX, or one that loads MXCSR.</param>
/// <param name="Dependent">An instruction whose result or fault depends on MXCSR, or that <see cref="ChangesState"/>.</param>
public sealed record CalleeUse(int Vectors, Place? ChangesState, Place? Dependent);

/// <summary>An instruction.</summary>
/// <param name="Function">Where it is.</param>
/// <param name="Instruction">The instruction.</param>
public sealed record Place(CodeFunction Function, Instruction Instruction);

/// <summary>Finds it, once for each function.</summary>
public sealed class CalleeUses(ProofContext proof)
{
    private readonly Dictionary<CodeFunction, CalleeUse> _known = [];

    /// <summary>Instructions on vector registers that do not look at MXCSR, besides moves and those on packed
    /// integers (Intel SDM Vol. 1, "SSE Logical, Shuffle and Unpack Instructions").</summary>
    private static readonly HashSet<Mnemonic> s_independent =
    [
        Mnemonic.Xorps, Mnemonic.Xorpd, Mnemonic.Andps, Mnemonic.Andpd, Mnemonic.Andnps, Mnemonic.Andnpd,
        Mnemonic.Orps, Mnemonic.Orpd, Mnemonic.Shufps, Mnemonic.Shufpd, Mnemonic.Unpcklps, Mnemonic.Unpckhps,
        Mnemonic.Unpcklpd, Mnemonic.Unpckhpd, Mnemonic.Lddqu, Mnemonic.Insertps, Mnemonic.Extractps,
    ];

    /// <summary>What a function and all that it reaches do.</summary>
    public CalleeUse Of(CodeFunction root)
    {
        if (_known.TryGetValue(root, out CalleeUse? known))
        {
            return known;
        }

        CalleeUse use = new(0, null, null);
        HashSet<CodeFunction> seen = [root];
        Queue<CodeFunction> pending = new([root]);
        while (pending.TryDequeue(out CodeFunction? function))
        {
            foreach (Instruction instruction in function.Instructions)
            {
                use = Add(use, function, instruction);
                foreach (ulong target in TargetsOf(instruction))
                {
                    if (proof.Code.StartingAt(target) is { } callee && seen.Add(callee))
                    {
                        pending.Enqueue(callee);
                    }
                }
            }
        }

        _known.Add(root, use);
        return use;
    }

    private static CalleeUse Add(CalleeUse use, CodeFunction function, in Instruction instruction)
    {
        int vectors = 0;
        bool isState = instruction.Mnemonic is Mnemonic.Ldmxcsr or Mnemonic.Fxrstor or Mnemonic.Fxrstor64
            || instruction.CpuidFeatures.Any(feature => feature is CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387
                or CpuidFeature.MMX or CpuidFeature.AVX or CpuidFeature.AVX2);
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            Register register = instruction.GetOpKind(operand) == OpKind.Register ? instruction.GetOpRegister(operand) : Register.None;
            vectors |= register.IsXMM() ? 1 << (register.GetNumber() & 15) : 0;
            isState |= (register.IsVectorRegister() && !register.IsXMM()) || register.IsST() || register.IsMM() || register.IsK();
        }

        bool isDependent = isState || (vectors != 0 && !IsIndependent(instruction.Mnemonic));
        Place place = new(function, instruction);
        return new(
            use.Vectors | vectors,
            use.ChangesState ?? (isState ? place : null),
            use.Dependent ?? (isDependent ? place : null));
    }

    private static bool IsIndependent(Mnemonic mnemonic)
    {
        string name = mnemonic.ToString();
        return name.StartsWith('P') || name.StartsWith("Mov", StringComparison.Ordinal) || s_independent.Contains(mnemonic);
    }

    private IEnumerable<ulong> TargetsOf(Instruction instruction) =>
        instruction.Op0Kind == OpKind.NearBranch64 ? [instruction.NearBranchTarget]
        : IndirectTransfers.IsIndirect(instruction) ? proof.Indirect.At(instruction.IP).Targets
        : [];
}
