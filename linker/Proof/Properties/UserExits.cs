using Atoll.Linker.Proof.Reading;
using Atoll.Linker.Proof.Registers;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Whoever goes to ring 3 finds in its registers what is its own, and whoever comes from there is put away before
/// another goes.</summary>
/// <remarks>
/// Every path from SYSCALL, from every interrupt gate and from every function that gives its stack up is followed, with
/// what each register is known to hold (<see cref="RegisterState"/>), up to each SYSRET and IRETQ. Calls change what the
/// System V ABI lets them change, and of vector registers what their code names.
/// </remarks>
public sealed class UserExits
{
    private readonly ProofContext _proof;
    private readonly CalleeUses _uses;
    private readonly ExitCheck _check;
    private readonly HashSet<ulong> _exits = [];
    private readonly HashSet<(ulong Address, string What)> _reported = [];
    private readonly HashSet<string> _leaving = [];

    private UserExits(ProofContext proof)
    {
        _proof = proof;
        _uses = new CalleeUses(proof);
        _check = new ExitCheck(Report);
    }

    /// <summary>Checks.</summary>
    /// <returns>SYSRETs and IRETQs examined.</returns>
    public static int Check(ProofContext proof)
    {
        UserExits check = new(proof);
        check.Walk([.. proof.Claims.UserEntries.Select(check.FunctionOf).OfType<CodeFunction>().Select(UserEntry.OfSystemCall)]);
        InterruptGate[] gates = [.. (InterruptGates.Read(proof) ?? []).Where(gate => gate.Entry is not null)];
        check.Walk([.. gates.Select(gate => UserEntry.OfInterrupt(gate, Origin.KernelInterrupt))]);
        check.Walk([.. gates.Where(gate => gate.StackIndex != 0).Select(gate => UserEntry.OfInterrupt(gate, Origin.UserInterruptApart))]);
        if (proof.Claims.UserExits.Count > 0)
        {
            UserDescriptors.Check(proof);
            check.Walk([.. gates.Where(gate => gate.StackIndex == 0).Select(gate => UserEntry.OfInterrupt(gate, Origin.UserInterrupt))]);
        }

        check.Walk([.. proof.Claims.Abandoning.Select(check.FunctionOf).OfType<CodeFunction>().Select(UserEntry.OfKernel)]);
        check.FindOthers();
        check.CompareClaims();
        return check._exits.Count;
    }

    private CodeFunction? FunctionOf(string name)
    {
        CodeFunction? function = _proof.Code.Functions.FirstOrDefault(candidate => candidate.Name == name);
        if (function is null)
        {
            _proof.Report(ProofDiagnostics.IdleClaim, $"The way to or from ring 3 '{name}' is no function.", name);
        }

        return function;
    }

    /// <summary>Follows all paths until nothing new is known anywhere.</summary>
    private void Walk(IReadOnlyList<(CodeFunction Function, RegisterState State)> entries)
    {
        Dictionary<ulong, RegisterState> known = [];
        Queue<ulong> pending = new();
        foreach ((CodeFunction function, RegisterState state) in entries)
        {
            Go(function.Address, state);
        }

        while (pending.TryDequeue(out ulong address))
        {
            if (_proof.Code.At(address) is { Bitness: 64 } function && function.IndexOf(address) is >= 0 and int index)
            {
                Step(function, function.Instructions[index], known[address], Go);
            }
        }

        void Go(ulong address, RegisterState state)
        {
            if (!known.TryGetValue(address, out RegisterState? before))
            {
                known.Add(address, state);
                pending.Enqueue(address);
            }
            else if (before.Join(state) is var joined && !joined.Equals(before))
            {
                known[address] = joined;
                pending.Enqueue(address);
            }
        }
    }

    private void Step(CodeFunction function, Instruction instruction, RegisterState state, Action<ulong, RegisterState> go)
    {
        RegisterStep step = new(_proof, (at, what) => Report(function, at, what));
        switch (instruction.FlowControl)
        {
            case FlowControl.Next:
                go(instruction.NextIP, step.After(instruction, state));
                break;
            case FlowControl.UnconditionalBranch:
                go(instruction.NearBranchTarget, state);
                break;
            case FlowControl.ConditionalBranch:
                Decide(instruction, state, go);
                break;
            case FlowControl.Call:
                step.CheckStack(instruction, state);
                go(instruction.NextIP, Call(function, instruction, state));
                break;
            case FlowControl.Return when instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Iretq:
                Exit(function, instruction, state);
                break;
            case FlowControl.Exception:
                break;
            default:
                Report(function, instruction, "is between the rings and cannot be followed");
                break;
        }
    }

    /// <summary>What a jump on the zero flag tells either way.</summary>
    private static void Decide(in Instruction instruction, RegisterState state, Action<ulong, RegisterState> go)
    {
        bool onZero = instruction.Mnemonic == Mnemonic.Je;
        bool onOther = instruction.Mnemonic == Mnemonic.Jne;
        bool tellsRing = state.ZeroMeans.Kind == ValueKind.Frame;
        bool isKernel = state.Origin == Origin.KernelInterrupt;
        RegisterState zero = state.ZeroMeans.Kind == ValueKind.BothFsBases
            ? state with { IsFsBaseLoaded = true, IsFsBaseNoted = true }
            : state;

        // Zero is ring 0: the other way is not this one's.
        if (!tellsRing || (!onZero && !onOther) || onZero == isKernel)
        {
            go(instruction.NearBranchTarget, onZero ? zero : state);
        }

        if (!tellsRing || (!onZero && !onOther) || onZero != isKernel)
        {
            go(instruction.NextIP, onOther ? zero : state);
        }
    }

    private RegisterState Call(CodeFunction function, Instruction call, RegisterState state)
    {
        if (_proof.Code.StartingAt(call.NearBranchTarget) is not { } callee)
        {
            Report(function, call, "calls what is no function");
            return state;
        }

        CalleeUse use = _uses.Of(callee);
        CheckCall(function, call, callee, state);
        if (state.Origin != Origin.KernelInterrupt && state.Fpu.Kind == ValueKind.OwnState && use.Dependent is { } dependent)
        {
            Report(
                dependent.Function,
                dependent.Instruction,
                $"depends on MXCSR or x87, or changes them, and is reached from '{function}' while they are a program's");
        }

        RegisterState after = state;
        foreach (Register register in ContextLayout.General.Except(ContextLayout.Kept))
        {
            after = after.With(register, RegisterValue.Unknown);
        }

        return after.WithVectors(number => (use.Vectors & (1 << number)) != 0 ? RegisterValue.Unknown : state.Vector(number)) with
        {
            Fpu = use.ChangesState is null ? state.Fpu : RegisterValue.Unknown,
            ZeroMeans = default,
        };
    }

    private void CheckCall(CodeFunction function, Instruction call, CodeFunction callee, RegisterState state)
    {
        if (!state.HasCleanFlags)
        {
            Report(function, call, "calls C# with flags of a program: AC turns SMAP off, DF turns copies round");
        }

        if (state.Depth is { } depth && (depth + state.StackBias) % 16 is not 0)
        {
            Report(function, call, "calls C# with a stack that is not aligned to 16");
        }

        // The program's address and flags lie above the arguments, and C# may read them as if they were some.
        if (state.Depth is { } here && _proof.Flows.Of(callee)?.CallerWrite is { } write && _proof.Code.At(write.Address) is { } writer
            && state.Stack.Any(slot => IsKept(slot.Value) && (write.EndDepth <= -here || here + write.EndDepth < slot.Key)))
        {
            Instruction instruction = writer.Instructions[writer.IndexOf(write.Address)];
            Report(writer, instruction, "writes where its caller keeps what is the program's");
        }
    }

    /// <summary>Words that a system call leaves on the stack for its way back.</summary>
    private static bool IsKept(RegisterValue value) => value.Kind is ValueKind.OwnFlags or ValueKind.OwnAddress;

    private void Exit(CodeFunction function, Instruction instruction, RegisterState state)
    {
        _exits.Add(instruction.IP);
        if (_check.Run(function, instruction, state) == ExitKind.ToThread)
        {
            _leaving.Add(function.Name);
        }
    }

    /// <summary>There is no way to ring 3 that nobody has followed.</summary>
    private void FindOthers()
    {
        foreach (CodeFunction function in _proof.Code.Functions.Where(function => function.Bitness == 64))
        {
            foreach (Instruction instruction in function.Instructions)
            {
                bool isExit = instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Sysret or Mnemonic.Iretq or Mnemonic.Iretd
                    or Mnemonic.Iret or Mnemonic.Sysexit or Mnemonic.Sysexitq;
                if (isExit && !_exits.Contains(instruction.IP))
                {
                    Report(function, instruction, "goes to ring 3, and no entry of the kernel leads to it");
                }
            }
        }
    }

    private void CompareClaims()
    {
        foreach (string name in _proof.Claims.UserExits.Except(_leaving))
        {
            _proof.Report(ProofDiagnostics.IdleClaim, $"'{name}' claims to go to ring 3 and does not.", name);
        }

        foreach (string name in _leaving.Except(_proof.Claims.UserExits))
        {
            _proof.Report(ProofDiagnostics.UserExit, $"'{name}' goes to ring 3 and does not claim it.", name);
        }
    }

    private void Report(CodeFunction function, Instruction instruction, string what)
    {
        if (_reported.Add((instruction.IP, what)))
        {
            _proof.Report(ProofDiagnostics.UserExit, function, instruction.IP, $"is '{instruction}', which {what}");
        }
    }
}
