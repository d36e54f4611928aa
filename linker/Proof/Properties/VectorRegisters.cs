using Atoll.Linker.Proof.Flow;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>From an interrupt entry on, no XMM register is used before it has been saved, and no wider one at
/// all.</summary>
/// <remarks>
/// Saved means: stored as a whole beneath RSP's frame by an instruction of the entry path. What the path calls may use
/// what is
/// saved by then; its use is the union over everything it can reach.
/// </remarks>
public sealed class VectorRegisters
{
    private const int RegisterCount = 16;

    /// <summary>Functions that entry paths may call: for each, all that it reaches is looked at.</summary>
    private const int CalleesMax = 64;

    /// <summary>Two registers in one such slot of the frame would spoil each other.</summary>
    private const ulong SlotBytes = 16;

    /// <summary>Instructions of entry paths that are followed in all.</summary>
    private const int StepsMax = 1 << 20;

    private readonly ProofContext _proof;
    private readonly HashSet<(ulong Address, int Saved)> _seen = [];
    private readonly Stack<(ulong Address, int Saved)> _pending = new();
    private readonly Dictionary<CodeFunction, Use[]> _uses = [];
    private int _examined;

    private VectorRegisters(ProofContext proof) => _proof = proof;

    /// <summary>Checks.</summary>
    /// <returns>Instructions of entry paths, and functions reached from there.</returns>
    public static int Check(ProofContext proof)
    {
        VectorRegisters check = new(proof);
        foreach (CodeFunction entry in InterruptGates.EntriesOf(proof).Distinct())
        {
            check.Follow(entry);
        }

        return check._examined + check._uses.Count;
    }

    /// <summary>All paths of an entry: jumps are followed, calls are judged by what they reach.</summary>
    private void Follow(CodeFunction entry)
    {
        _seen.Clear();
        _pending.Push((entry.Address, 0));
        while (_pending.TryPop(out (ulong Address, int Saved) path))
        {
            if (_seen.Add(path) && _proof.Code.At(path.Address) is { } function)
            {
                Follow(function, function.IndexOf(path.Address), path.Saved);
            }
        }
    }

    private void Follow(CodeFunction function, int index, int saved)
    {
        HashSet<ulong> slots = [];
        while (index >= 0 && index < function.Instructions.Length)
        {
            Instruction instruction = function.Instructions[index];
            if (++_examined > StepsMax)
            {
                Judge(function, instruction, Everything, "is on a path that is too long and may use");
                return;
            }

            if (instruction.Mnemonic is Mnemonic.Fxsave64)
            {
                saved |= (1 << RegisterCount) - 1;
            }
            else if (SavedBy(instruction) is { } register && slots.Add(instruction.MemoryDisplacement64 / SlotBytes))
            {
                saved |= 1 << register;
            }
            else
            {
                Judge(function, instruction, UsedBy(instruction) & ~saved, "uses");
            }

            switch (instruction.FlowControl)
            {
                case FlowControl.Next:
                    index++;
                    break;
                case FlowControl.Call when _proof.Code.StartingAt(instruction.NearBranchTarget) is { } callee:
                    JudgeCall(function, instruction, callee, saved);
                    index++;
                    break;
                case FlowControl.ConditionalBranch:
                    _pending.Push((instruction.NearBranchTarget, saved));
                    index++;
                    break;
                case FlowControl.UnconditionalBranch when !_seen.Add((instruction.NearBranchTarget, saved)):
                    return;
                case FlowControl.UnconditionalBranch:
                    function = _proof.Code.At(instruction.NearBranchTarget) ?? function;
                    index = function.IndexOf(instruction.NearBranchTarget);
                    break;
                case FlowControl.Return or FlowControl.Exception:
                    return;
                default:
                    Judge(function, instruction, ~saved, "cannot be followed and may use");
                    return;
            }
        }
    }

    private void Judge(CodeFunction function, in Instruction instruction, int unsaved, string does)
    {
        int bad = unsaved & Everything;
        if (bad != 0)
        {
            _proof.Report(
                ProofDiagnostics.VectorRegister,
                function,
                instruction.IP,
                $"is '{instruction}', which {does} {Name(bad)} before it is saved");
        }
    }

    private void JudgeCall(CodeFunction function, in Instruction call, CodeFunction callee, int saved)
    {
        if (!_uses.ContainsKey(callee) && _uses.Count == CalleesMax)
        {
            Judge(function, call, ~saved, "is one call too many and may use");
            return;
        }

        foreach (Use use in ReachedBy(callee))
        {
            int bad = use.Registers & ~saved;
            if (bad != 0)
            {
                _proof.Report(
                    ProofDiagnostics.VectorRegister,
                    use.Function,
                    use.Address,
                    $"uses {Name(bad)}, is reached from '{function}'+0x{call.IP - function.Address:x}, and nobody has saved it");
                return;
            }
        }
    }

    /// <summary>One use of each register, by what a function reaches.</summary>
    private Use[] ReachedBy(CodeFunction root)
    {
        if (_uses.TryGetValue(root, out Use[]? known))
        {
            return known;
        }

        Dictionary<int, Use> found = [];
        HashSet<CodeFunction> seen = [root];
        Queue<CodeFunction> pending = new([root]);
        while (pending.TryDequeue(out CodeFunction? function))
        {
            foreach (ref readonly Instruction instruction in function.Instructions)
            {
                int used = UsedBy(instruction);
                if (used != 0)
                {
                    found.TryAdd(used, new Use(used, function, instruction.IP));
                }

                foreach (ulong target in TargetsOf(instruction))
                {
                    if (_proof.Code.StartingAt(target) is { } callee && seen.Add(callee))
                    {
                        pending.Enqueue(callee);
                    }
                }
            }
        }

        _examined += seen.Count;
        _uses.Add(root, [.. found.Values]);
        return _uses[root];
    }

    private IEnumerable<ulong> TargetsOf(Instruction instruction) =>
        instruction.Op0Kind == OpKind.NearBranch64 ? [instruction.NearBranchTarget]
        : IndirectTransfers.IsIndirect(instruction) ? _proof.Indirect.At(instruction.IP).Targets
        : [];

    /// <summary>Bits of XMM registers; bit 16 for registers that are never saved: wider vectors, masks, MMX,
    /// x87.</summary>
    private static int UsedBy(in Instruction instruction)
    {
        int used = 0;
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            if (instruction.GetOpKind(operand) == OpKind.Register)
            {
                used |= BitOf(instruction.GetOpRegister(operand));
            }
        }

        return used;
    }

    private static int BitOf(Register register)
    {
        bool isNeverSaved = register.IsYMM() || register.IsZMM() || register.IsMM() || register.IsST()
            || register.IsK() || (register.IsXMM() && register.GetNumber() >= RegisterCount);
        return isNeverSaved ? 1 << RegisterCount : register.IsXMM() ? 1 << register.GetNumber() : 0;
    }

    /// <summary>Number of the register that an instruction stores as a whole to the stack.</summary>
    private static int? SavedBy(in Instruction instruction)
    {
        bool isStore = instruction.Code is Code.Movaps_xmmm128_xmm or Code.Movups_xmmm128_xmm
            or Code.Movdqa_xmmm128_xmm or Code.Movdqu_xmmm128_xmm;
        return isStore && instruction.Op0Kind == OpKind.Memory && instruction.MemoryBase == Register.RSP
            && instruction.MemoryDisplacement64 % SlotBytes == 0
            ? instruction.Op1Register.GetNumber()
            : null;
    }

    private const int Everything = (1 << (RegisterCount + 1)) - 1;

    private static string Name(int registers)
    {
        int number = System.Numerics.BitOperations.TrailingZeroCount(registers);
        return number < RegisterCount ? $"xmm{number}" : "a register wider than XMM, of MMX or of the x87";
    }

    /// <summary>Where something is used.</summary>
    private sealed record Use(int Registers, CodeFunction Function, ulong Address);
}
