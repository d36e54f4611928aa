using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Fences;

/// <summary>Follows every path of one function with what has been stored and fenced on it.</summary>
/// <remarks>
/// Paths are kept apart by the constants that registers hold, so that "fence once in this loop" is understood: a test of a
/// register with a known constant goes one way only. A call may store anything.
/// </remarks>
internal sealed class FenceWalk
{
    /// <summary>The stub by which the x2APIC is told to send; it stores nothing.</summary>
    private const string WriteMsr = "x64_write_msr";

    /// <summary>States beyond which a function is too tangled to be followed.</summary>
    private const int StatesMax = 1 << 16;

    private readonly ProofContext _proof;
    private readonly CodeFunction _function;
    private readonly FencingCallees? _callees;
    private readonly InstructionInfoFactory _facts = new();
    private readonly HashSet<(int Index, FenceState State)> _seen = [];
    private readonly Stack<(int Index, FenceState State)> _pending = new();
    private readonly HashSet<ulong> _targets = [];
    private readonly bool _usesFrame;

    private FenceWalk(ProofContext proof, CodeFunction function, FencingCallees? callees)
    {
        _proof = proof;
        _function = function;
        _callees = callees;
        _usesFrame = MakesFrame(function);
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            if (instruction.Op0Kind == OpKind.NearBranch64)
            {
                _targets.Add(instruction.NearBranchTarget);
            }
        }
    }

    /// <summary>The states in which each instruction of a function is reached; null when there are too many.</summary>
    /// <param name="proof">The image.</param>
    /// <param name="function">The function.</param>
    /// <param name="hasStored">Whether its caller has stored something.</param>
    /// <param name="callees">Which calls leave everything fenced; null: none does.</param>
    public static ILookup<int, FenceState>? Run(ProofContext proof, CodeFunction function, bool hasStored, FencingCallees? callees)
    {
        FenceWalk walk = new(proof, function, callees);
        walk.Go(0, new FenceState(hasStored, false, false, 0, ConstantRegisters.None));
        while (walk._pending.TryPop(out (int Index, FenceState State) next))
        {
            if (walk._seen.Count > StatesMax)
            {
                return null;
            }

            walk.Step(next.Index, next.State);
        }

        return walk._seen.ToLookup(seen => seen.Index, seen => seen.State);
    }

    private void Step(int index, FenceState state)
    {
        Instruction instruction = _function.Instructions[index];
        FenceState after = state.After(instruction, _facts.GetInfo(instruction), _usesFrame);
        switch (instruction.FlowControl)
        {
            case FlowControl.Next:
                Go(index + 1, after);
                break;
            case FlowControl.UnconditionalBranch:
                Jump(instruction, after);
                break;
            case FlowControl.ConditionalBranch:
                bool? isTaken = Decided(index, state);
                if (isTaken != false)
                {
                    Jump(instruction, after);
                }

                if (isTaken != true)
                {
                    Go(index + 1, after);
                }

                break;
            case FlowControl.Call or FlowControl.IndirectCall:
                Go(index + 1, AfterCall(instruction, state));
                break;
            case FlowControl.IndirectBranch:
                foreach (ulong target in _proof.Indirect.At(instruction.IP).Targets)
                {
                    Go(_function.IndexOf(target), after);
                }

                break;
            default:
                // Returns and traps end the path; what comes after them is the caller's.
                break;
        }
    }

    private FenceState AfterCall(in Instruction instruction, FenceState state)
    {
        CodeFunction? callee = instruction.FlowControl == FlowControl.Call ? _proof.Code.StartingAt(instruction.NearBranchTarget) : null;
        return callee?.Name == WriteMsr ? state with { Constants = state.Constants.AfterCall() }
            : callee is not null && _callees?.Includes(callee) == true ? state.AfterCall() with { IsFenced = true, WasFenced = true, Barrier = 1 }
            : state.AfterCall();
    }

    private void Jump(in Instruction instruction, FenceState state) =>
        Go(_function.IndexOf(instruction.NearBranchTarget), state);

    private void Go(int index, FenceState state)
    {
        if (index >= 0 && index < _function.Instructions.Length && _seen.Add((index, state)))
        {
            _pending.Push((index, state));
        }
    }

    /// <summary>Whether a jump is taken: TEST r, r just before it, and the register's constant.</summary>
    private bool? Decided(int index, FenceState state)
    {
        // Whoever jumps between test and jump brings other flags.
        bool isTogether = index > 0 && !_targets.Contains(_function.Instructions[index].IP);
        if (!isTogether || _function.Instructions[index - 1] is not { Mnemonic: Mnemonic.Test } test
            || test.Op0Kind != OpKind.Register || test.Op1Kind != OpKind.Register || test.Op0Register != test.Op1Register
            || state.Constants.ValueOf(test.Op0Register) is not { } value)
        {
            return null;
        }

        return _function.Instructions[index].ConditionCode switch
        {
            ConditionCode.e => value == 0,
            ConditionCode.ne => value != 0,
            _ => null,
        };
    }

    /// <summary>RBP points into the stack where the function makes it so; else it is a register like any other.</summary>
    private static bool MakesFrame(CodeFunction function)
    {
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            bool isFrame = instruction.Mnemonic is Mnemonic.Mov or Mnemonic.Lea
                && instruction.Op0Kind == OpKind.Register && instruction.Op0Register == Register.RBP
                && (instruction.MemoryBase == Register.RSP || instruction.Op1Register == Register.RSP);
            if (isFrame)
            {
                return true;
            }
        }

        return false;
    }
}
