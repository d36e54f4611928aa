using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>One walk over all paths of one function.</summary>
/// <remarks>
/// Depths are derived from the instructions; at calls they are held against the call frame information, so that neither
/// the bound
/// nor a back-trace rests on a table that nobody checked. Registers that a callee must keep (System V ABI) are taken to
/// be kept.
/// </remarks>
public sealed class FunctionWalk
{
    /// <summary>SS, RSP, RFLAGS, CS and RIP: what IRETQ takes (Intel SDM Vol. 3A, "64-Bit Mode Stack Frame").</summary>
    private const int InterruptFrameBytes = 5 * sizeof(ulong);

    private readonly ProofContext _proof;
    private readonly StackFlows _flows;
    private readonly CodeFunction _function;
    private readonly bool _isInterrupt;
    private readonly int _entryDepth;
    private readonly FunctionFlow _flow = new();
    private readonly SeenStates _seen = new();
    private readonly Stack<(CodeFunction Function, int Index)> _pending = new();
    private readonly InstructionInfoFactory _facts = new();
    private bool _failed;

    /// <summary>Prepares the walk of a function that is called, or jumped to from outside.</summary>
    public FunctionWalk(ProofContext proof, StackFlows flows, CodeFunction function)
    {
        _proof = proof;
        _flows = flows;
        _function = function;
        _entryDepth = function.Bitness / 8;
    }

    /// <summary>Prepares the walk of an interrupt entry.</summary>
    public FunctionWalk(ProofContext proof, StackFlows flows, CodeFunction function, int pushedBytes)
        : this(proof, flows, function)
    {
        _isInterrupt = true;
        _entryDepth = pushedBytes;
    }

    /// <summary>Walks; null after a finding.</summary>
    public FunctionFlow? Run()
    {
        if (_proof.Claims.ExhaustsStack(_function.Name))
        {
            return _flow;
        }

        Go(_function, _function.Address, new StackState(_entryDepth, null, null), _function.Address);
        while (!_failed && _pending.TryPop(out (CodeFunction Function, int Index) next))
        {
            Step(next.Function, next.Index);
        }

        return _failed ? null : _flow;
    }

    private void Step(CodeFunction function, int index)
    {
        Instruction instruction = function.Instructions[index];
        StackState state = _seen.At(function, index)!.Value;
        _flow.Reach(state, 0, _function, null);
        _flow.Note(CallerWrite.Of(instruction, state, _facts));
        if (_flow.Stacks.Count > FunctionFlow.StacksMax)
        {
            Fail(function, instruction.IP, $"is beyond {FunctionFlow.StacksMax} stacks that were loaded");
            return;
        }

        switch (instruction.FlowControl)
        {
            case FlowControl.Next when UserReturn.LoadsStack(function, index):
                break;
            case FlowControl.Next:
            case FlowControl.Call when instruction.Mnemonic == Mnemonic.Syscall:
                Next(function, instruction, state);
                break;
            case FlowControl.UnconditionalBranch:
                Branch(function, instruction, state);
                break;
            case FlowControl.ConditionalBranch:
                Branch(function, instruction, state);
                Next(function, instruction, state);
                break;
            case FlowControl.Call:
                Call(function, instruction, state, instruction.NearBranchTarget);
                break;
            case FlowControl.IndirectBranch or FlowControl.IndirectCall:
                Indirect(function, instruction, state);
                break;
            case FlowControl.Return:
                Return(function, instruction, state);
                break;
            case FlowControl.Interrupt when instruction.Mnemonic != Mnemonic.Int3:
                // A trap, which comes back: what it takes of the stack is counted with all other traps.
                Go(function, instruction.NextIP, state, instruction.IP);
                break;
            case FlowControl.Interrupt or FlowControl.Exception:
                break;
            default:
                Fail(function, instruction.IP, "goes on in a way that is not followed");
                break;
        }
    }

    private void Next(CodeFunction function, in Instruction instruction, StackState state)
    {
        if (state.After(instruction, _facts) is { } after)
        {
            Go(function, instruction.NextIP, after, instruction.IP);
        }
        else
        {
            Fail(function, instruction.IP, "changes the stack pointer in a way that is not followed");
        }
    }

    private void Branch(CodeFunction function, in Instruction instruction, StackState state)
    {
        bool isFar = instruction.Op0Kind is OpKind.FarBranch16 or OpKind.FarBranch32;
        if (!isFar)
        {
            JumpTo(function, instruction, state, instruction.NearBranchTarget);
        }
        else if (_proof.Code.StartingAt(instruction.FarBranch32 | instruction.FarBranch16) is not { } target
            || _flows.Of(target) is not { } flow)
        {
            _failed = true;
        }
        else if (flow.WorstBytes > target.Bitness / 8)
        {
            // What was on the stack of the other mode is lost, and so may be the stack.
            Fail(function, instruction.IP, $"leads to '{target}', which uses a stack before it has loaded one");
        }
        else
        {
            _flow.Stacks.AddRange(flow.Stacks);
        }
    }

    /// <summary>Within the function, or out of it with the frame as the caller made it.</summary>
    private void JumpTo(CodeFunction function, in Instruction instruction, StackState state, ulong target)
    {
        if (function.IndexOf(target) >= 0)
        {
            Go(function, target, state, instruction.IP);
        }
        else if (_proof.Code.StartingAt(target) is not { } callee)
        {
            _failed = true;
        }
        else if (_isInterrupt)
        {
            Go(callee, target, state, instruction.IP);
        }
        else if (state.OwnStackTop is null && state.DepthBytes != _entryDepth)
        {
            Fail(function, instruction.IP, $"leaves for '{callee}' with {state.DepthBytes - _entryDepth} bytes on the stack");
        }
        else if (Enter(callee, state with { DepthBytes = state.DepthBytes - (function.Bitness / 8) }) is { } flow)
        {
            _flow.Returns |= flow.Returns;
            _flow.Note(state.OwnStackTop is null ? flow.CallerWrite : null);
        }
    }

    private void Call(CodeFunction function, in Instruction instruction, StackState state, ulong target)
    {
        if (function.Bitness == 32 && function.IndexOf(target) >= 0)
        {
            CallWithin(function, instruction, state, target);
            return;
        }

        if (_proof.Code.StartingAt(target) is not { } callee)
        {
            _failed = true;
            return;
        }

        CheckFrame(function, instruction.IP, state);
        if (Enter(callee, state) is { Returns: true })
        {
            Go(function, instruction.NextIP, state, instruction.IP);
        }
    }

    /// <summary>A routine inside a 32-bit trampoline: it is walked once, as a function whose RET comes back to behind
    /// each call.</summary>
    private void CallWithin(CodeFunction function, in Instruction instruction, StackState state, ulong target)
    {
        int word = function.Bitness / 8;
        StackState inside = new(word, null, null);
        if (_seen.At(function, function.IndexOf(target)) is null)
        {
            Go(function, target, inside, instruction.IP);
        }

        _flow.Reach(state, word, _function, null);
        Go(function, instruction.NextIP, state, instruction.IP);
    }

    private FunctionFlow? Enter(CodeFunction callee, in StackState state)
    {
        if (_proof.Claims.Abandoning.Contains(callee.Name))
        {
            return Abandon(callee, state);
        }

        if (_flows.Of(callee) is not { } flow)
        {
            _failed = true;
            return null;
        }

        _flow.EdgeCount++;
        _flow.Reach(state, flow.WorstBytes, _function, callee);
        foreach (StackUse use in flow.Stacks)
        {
            if (!_flow.Stacks.Contains(use))
            {
                _flow.Stacks.Add(use);
            }
        }

        return flow;
    }

    /// <summary>What begins an empty stack is walked as an entry: all that it takes here is a return address.</summary>
    private FunctionFlow Abandon(CodeFunction callee, in StackState state)
    {
        _flow.EdgeCount++;
        _flow.Reach(state, callee.Bitness / 8, _function, callee);
        return new FunctionFlow();
    }

    private void Indirect(CodeFunction function, in Instruction instruction, StackState state)
    {
        IndirectTransfer transfer = _proof.Indirect.At(instruction.IP);
        switch (transfer.Kind)
        {
            case IndirectKind.Switch:
            case IndirectKind.Constant when instruction.FlowControl == FlowControl.IndirectBranch:
                foreach (ulong target in transfer.Targets)
                {
                    JumpTo(function, instruction, state, target);
                }

                break;
            case IndirectKind.Constant:
                Call(function, instruction, state, transfer.Targets[0]);
                break;
            case IndirectKind.Anywhere:
                break;
            default:
                Fail(function, instruction.IP, "leads nobody knows where");
                break;
        }
    }

    private void Return(CodeFunction function, in Instruction instruction, StackState state)
    {
        if (instruction.Mnemonic == Mnemonic.Retf)
        {
            // The selector and the address that were pushed for it.
            StackState popped = state with { DepthBytes = state.DepthBytes - (2 * sizeof(ulong)) };
            Go(function, instruction.NextIP, popped, instruction.IP);
            return;
        }

        bool isFromInterrupt = instruction.Mnemonic == Mnemonic.Iretq;
        if (isFromInterrupt && state is { OwnStackTop: not null, DepthBytes: InterruptFrameBytes })
        {
            // To ring 3, with a frame that the function has made: it leaves an empty stack.
            return;
        }

        int expected = isFromInterrupt ? InterruptFrameBytes : function.Bitness / 8;
        bool isPlain = instruction.OpCount == 0 && isFromInterrupt == _isInterrupt && state.OwnStackTop is null;
        if (!isPlain || state.DepthBytes != expected)
        {
            Fail(function, instruction.IP, $"returns with {state.DepthBytes - expected} bytes on the stack");
        }

        _flow.Returns = true;
    }

    private void Go(CodeFunction function, ulong address, StackState state, ulong from)
    {
        int index = function.IndexOf(address);
        if (index < 0)
        {
            Fail(function, from, "runs past the end of its function");
            return;
        }

        StackState? next = state;
        if (_seen.At(function, index) is { } seen)
        {
            next = seen == state ? seen : Merge(seen, state);
            if (next == seen)
            {
                return;
            }

            if (next is null)
            {
                Fail(function, address, $"is reached with {seen.DepthBytes} and with {state.DepthBytes} bytes on the stack");
                return;
            }
        }

        if (!_seen.TrySet(function, index, next.Value))
        {
            Fail(function, address, $"is beyond {FunctionFlow.StacksMax} stacks that were loaded");
            return;
        }

        _pending.Push((function, index));
    }

    /// <summary>Two paths meet: RSP must be where it was, RBP may be forgotten.</summary>
    private static StackState? Merge(in StackState first, in StackState second) =>
        first.DepthBytes == second.DepthBytes && first.OwnStackTop == second.OwnStackTop
            ? first with { FrameDepthBytes = null }
            : null;

    /// <summary>Holds a depth against what a back-trace would believe.</summary>
    private void CheckFrame(CodeFunction function, ulong address, in StackState state)
    {
        if (_isInterrupt || state.OwnStackTop is not null || function.Bitness != 64)
        {
            return;
        }

        CallFrameRow? row = _proof.Frames.At(address);
        int? depth = row?.Rule switch
        {
            UnwindRule.FromStackPointer => state.DepthBytes,
            UnwindRule.FromFramePointer => state.FrameDepthBytes,
            _ => null,
        };
        if (depth is null || depth != row!.Value.CfaOffset)
        {
            string believed = row is null ? "none" : $"{row.Value.CfaOffset}";
            Fail(
                function,
                address,
                $"has {state.DepthBytes} bytes on the stack, where its call frame information says {believed}");
        }
    }

    private void Fail(CodeFunction function, ulong address, string what)
    {
        _failed = true;
        _proof.Report(ProofDiagnostics.StackUnknown, function, address, what);
    }
}
