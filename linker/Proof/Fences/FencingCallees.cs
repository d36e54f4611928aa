using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Fences;

/// <summary>Functions whose last act is an MFENCE, on every path to their return: <c>WakeWord.Announce</c>, where it is not inlined.</summary>
/// <remarks>What they call themselves may store anything, and one that leaves for another function is none.</remarks>
internal sealed class FencingCallees(ProofContext proof)
{
    private readonly Dictionary<CodeFunction, bool> _known = [];

    /// <summary>Whether all that the function has stored is visible once it has returned.</summary>
    public bool Includes(CodeFunction function)
    {
        if (!_known.TryGetValue(function, out bool fences))
        {
            fences = function.Bitness == 64 && Fences(function);
            _known.Add(function, fences);
        }

        return fences;
    }

    private bool Fences(CodeFunction function)
    {
        bool hasFence = false;
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            hasFence |= instruction.Mnemonic == Mnemonic.Mfence;
            bool jumps = instruction.FlowControl is FlowControl.UnconditionalBranch or FlowControl.ConditionalBranch;
            if (instruction.FlowControl == FlowControl.IndirectBranch || (jumps && function.IndexOf(instruction.NearBranchTarget) < 0))
            {
                return false;
            }
        }

        if (!hasFence || FenceWalk.Run(proof, function, hasStored: true, callees: null) is not { } states)
        {
            return false;
        }

        FenceState[] returns =
        [
            .. states.Where(at => function.Instructions[at.Key].FlowControl == FlowControl.Return).SelectMany(at => at),
        ];
        return returns.Length > 0 && returns.All(state => state.IsFenced);
    }
}
