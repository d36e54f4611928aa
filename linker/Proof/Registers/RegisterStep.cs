using Atoll.Abi;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>What one instruction does to the registers. What it does not know it forgets.</summary>
/// <param name="proof">The image, for what is read-only in it.</param>
/// <param name="complain">Takes what may not happen on the way between rings.</param>
public sealed class RegisterStep(ProofContext proof, Action<Instruction, string> complain)
{
    private const byte UpperBits = 17;
    private const byte HalfBits = 32;
    private const int WordBytes = sizeof(ulong);
    private const uint FsBaseRegister = 0xC000_0100;

    private readonly InstructionInfoFactory _facts = new();
    private readonly StoreStep _stores = new(complain);

    /// <summary>The state after an instruction that goes on with the next one.</summary>
    public RegisterState After(in Instruction instruction, RegisterState state)
    {
        CheckStack(instruction, state);
        bool changesFlags = instruction.RflagsModified != RflagsBits.None;
        return Effect(instruction, changesFlags ? state with { ZeroMeans = default } : state);
    }

    /// <summary>Nothing is pushed or found through RSP while it is a program's.</summary>
    public void CheckStack(in Instruction instruction, RegisterState state)
    {
        bool usesStack = instruction.IsStackInstruction || instruction.FlowControl == FlowControl.Call
            || (MemoryPlace.HasMemory(instruction) && instruction.MemoryBase == Register.RSP);
        if (usesStack && state.Depth is null)
        {
            complain(instruction, "uses a stack before RSP is the kernel's");
        }
    }

    private RegisterState Effect(in Instruction instruction, RegisterState state) => instruction.Mnemonic switch
    {
        Mnemonic.Mov => Move(instruction, state),
        Mnemonic.Push when instruction.StackPointerIncrement == -WordBytes => Push(state, ValueOf(instruction, 0, state)),
        Mnemonic.Pushfq => Push(state, RegisterValue.Unknown),
        Mnemonic.Pop when instruction.StackPointerIncrement == WordBytes => Pop(instruction, state),
        Mnemonic.Popfq => PopFlags(state),
        Mnemonic.Add or Mnemonic.Sub when instruction.Op0Register == Register.RSP => MoveStack(instruction, state),
        Mnemonic.Xor or Mnemonic.Pxor or Mnemonic.Xorps when IsZeroing(instruction) => Clear(instruction, state),
        Mnemonic.And when instruction.MemorySize is MemorySize.UInt64 && MemoryPlace.SlotOf(instruction, state) is not null =>
            _stores.Store(instruction, state, RegisterValue.Unknown),
        Mnemonic.And or Mnemonic.Or or Mnemonic.Shl or Mnemonic.Shr when Is64(instruction) => Combine(instruction, state),
        Mnemonic.Test when TellsRing(instruction, state) => state with { ZeroMeans = ValueOf(instruction, 0, state) },
        Mnemonic.Movaps or Mnemonic.Movups => MoveVector(instruction, state),
        Mnemonic.Fxsave64 => SaveFpu(instruction, state),
        Mnemonic.Fxrstor64 => RestoreFpu(instruction, state),
        Mnemonic.Wrmsr => WriteRegister(instruction, state),
        _ => Forget(instruction, state),
    };

    private RegisterState Move(in Instruction instruction, RegisterState state)
    {
        if (instruction.Op0Kind == OpKind.Memory)
        {
            bool isWord = instruction.MemorySize is MemorySize.UInt64 or MemorySize.Int64;
            return _stores.Store(instruction, state, isWord ? ValueOf(instruction, 1, state) : RegisterValue.Unknown);
        }

        Register to = instruction.Op0Register;
        if (to.IsSegmentRegister())
        {
            RegisterValue selector = ValueOf(instruction, 1, state);
            // A null selector, or any other, may change the base.
            return state.WithSegment(to, selector) with { IsFsBaseLoaded = state.IsFsBaseLoaded && to != Register.FS };
        }

        if (!to.IsGPR64() && !(to.IsGPR32() && instruction.Op1Kind == OpKind.Immediate32))
        {
            return Forget(instruction, state);
        }

        RegisterValue value = ValueOf(instruction, 1, state);
        return to == Register.RSP ? MoveStackTo(state, value) : state.With(to, value);
    }

    /// <summary>A constant begins a stack; anything else leaves it.</summary>
    private static RegisterState MoveStackTo(RegisterState state, RegisterValue value) => value.Kind == ValueKind.Constant
        ? state.AtDepth(0) with { StackBias = (int)(0 - value.Detail & 15) }
        : state.With(Register.RSP, value);

    private RegisterState MoveStack(in Instruction instruction, RegisterState state)
    {
        bool isConstant = instruction.Op1Kind is OpKind.Immediate8to64 or OpKind.Immediate32to64;
        if (!isConstant || state.Depth is not { } depth)
        {
            return Forget(instruction, state);
        }

        long amount = (long)instruction.GetImmediate(1);
        return state.AtDepth(instruction.Mnemonic == Mnemonic.Add ? depth - amount : depth + amount);
    }

    private static RegisterState Push(RegisterState state, RegisterValue value) => state.Depth is { } depth
        ? state.AtDepth(depth + WordBytes).WithSlot(depth + WordBytes, value)
        : state;

    private static RegisterState PopFlags(RegisterState state)
    {
        const ulong Clean = 2;
        return state.Depth is not { } depth ? state : state.AtDepth(depth - WordBytes) with
        {
            HasCleanFlags = state.Stack.GetValueOrDefault(depth) == RegisterValue.Constant(Clean),
        };
    }

    private RegisterState Pop(in Instruction instruction, RegisterState state)
    {
        if (state.Depth is not { } depth)
        {
            return state;
        }

        RegisterValue value = state.Stack.GetValueOrDefault(depth);
        RegisterState popped = state.AtDepth(depth - WordBytes);
        return instruction.Op0Kind == OpKind.Memory ? _stores.Store(instruction, popped, value)
            : instruction.Op0Register.IsGPR64() ? popped.With(instruction.Op0Register, value)
            : Forget(instruction, popped);
    }

    private static RegisterState Clear(in Instruction instruction, RegisterState state) => instruction.Op0Register.IsXMM()
        ? state.WithVector(instruction.Op0Register.GetNumber(), RegisterValue.Zero)
        : state.With(instruction.Op0Register, RegisterValue.Zero);

    private RegisterState Combine(in Instruction instruction, RegisterState state)
    {
        RegisterValue old = state[instruction.Op0Register];
        RegisterValue with = instruction.Op1Kind == OpKind.Memory
            ? ValueOf(instruction, 1, state)
            : RegisterValue.Constant(instruction.GetImmediate(1));
        RegisterValue value = (instruction.Mnemonic, old.Kind, with.Kind, with.Detail) switch
        {
            (Mnemonic.Shl, ValueKind.Field, ValueKind.Constant, UpperBits) when old.Detail == ContextLayout.Rip => new(ValueKind.Shifted),
            (Mnemonic.Shr, ValueKind.Shifted, ValueKind.Constant, UpperBits) => new(ValueKind.LowAddress),
            (Mnemonic.Shr, ValueKind.Field, ValueKind.Constant, HalfBits) => new(ValueKind.UpperHalf, old.Detail),
            (Mnemonic.And, ValueKind.Field, ValueKind.Constant, UserFlags.Writable) when old.Detail == ContextLayout.Rflags =>
                new(ValueKind.MaskedFlags),
            (Mnemonic.Or, ValueKind.MaskedFlags, ValueKind.Constant, UserFlags.Always) => new(ValueKind.UserFlags),
            (Mnemonic.Or, ValueKind.Field, ValueKind.LoadedFsBase, _) when old.Detail == ContextLayout.FsBase =>
                new(ValueKind.BothFsBases),
            _ => RegisterValue.Unknown,
        };
        RegisterState after = state.With(instruction.Op0Register, value);
        return instruction.Mnemonic == Mnemonic.Or ? after with { ZeroMeans = value } : after;
    }

    private RegisterState MoveVector(in Instruction instruction, RegisterState state)
    {
        bool isStore = instruction.Op0Kind == OpKind.Memory;
        if (!MemoryPlace.HasMemory(instruction) || MemoryPlace.SlotOf(instruction, state) is not { } slot)
        {
            return isStore ? _stores.Store(instruction, state, RegisterValue.Unknown) : Forget(instruction, state);
        }

        if (isStore)
        {
            RegisterValue stored = state.Vector(instruction.Op1Register.GetNumber());
            return state.WithSlot(slot, stored).WithSlot(slot - WordBytes, stored);
        }

        RegisterValue value = state.Stack.GetValueOrDefault(slot).Join(state.Stack.GetValueOrDefault(slot - WordBytes));
        return state.WithVector(instruction.Op0Register.GetNumber(), value);
    }

    private RegisterState SaveFpu(in Instruction instruction, RegisterState state)
    {
        bool isWhole = state.Fpu.Kind == ValueKind.OwnState && Enumerable.Range(0, 16)
            .All(number => state.Vector(number) == new RegisterValue(ValueKind.OwnVector, (ulong)number));
        return isWhole && MemoryPlace.ContextOffsetOf(instruction, state) == ThreadContext.FpuOffset
            ? state with { Saved = state.Saved.Add(ThreadContext.FpuOffset) }
            : state;
    }

    private RegisterState RestoreFpu(in Instruction instruction, RegisterState state)
    {
        bool isGood = MemoryPlace.ContextOffsetOf(instruction, state) == ThreadContext.FpuOffset
            || (instruction.IsIPRelativeMemoryOperand && InitialFpu.Is(proof.Image, instruction.IPRelativeMemoryAddress));
        RegisterValue value = isGood ? new RegisterValue(ValueKind.Restored) : RegisterValue.Unknown;
        return state.WithVectors(_ => value) with { Fpu = value };
    }

    /// <summary>WRMSR: of interest is the base of FS.</summary>
    private RegisterState WriteRegister(in Instruction instruction, RegisterState state)
    {
        RegisterValue wanted = new(ValueKind.Field, ContextLayout.FsBase);
        bool isFsBase = state[Register.RCX] == RegisterValue.Constant(FsBaseRegister);
        bool isContexts = state[Register.RAX] == wanted && state[Register.RDX] == wanted with { Kind = ValueKind.UpperHalf };
        if (!isFsBase)
        {
            complain(instruction, "writes a register of the machine that is not the base of FS");
        }

        return state with { IsFsBaseLoaded = isFsBase && isContexts };
    }

    private RegisterValue ValueOf(in Instruction instruction, int operand, RegisterState state)
    {
        OpKind kind = instruction.GetOpKind(operand);
        if (kind == OpKind.Register)
        {
            Register register = instruction.GetOpRegister(operand);
            RegisterValue value = register.IsGPR() ? state[register] : RegisterValue.Unknown;
            // Half of a constant is one; half of anything else is not followed.
            return register.IsGPR64() ? value
                : register.IsGPR32() && value.Kind == ValueKind.Constant ? RegisterValue.Constant((uint)value.Detail)
                : RegisterValue.Unknown;
        }

        return kind == OpKind.Memory ? MemoryPlace.Load(instruction, state) : RegisterValue.Constant(instruction.GetImmediate(operand));
    }

    /// <summary>TEST of the lowest byte of the interrupted CS with 3: zero in ring 0.</summary>
    private static bool TellsRing(in Instruction instruction, RegisterState state) =>
        MemoryPlace.HasMemory(instruction) && MemoryPlace.SlotOf(instruction, state) is { } slot
        && state.Stack.GetValueOrDefault(slot) == new RegisterValue(ValueKind.Frame, 1)
        && instruction.GetImmediate(1) == ImageLayout.UserPrivilege;

    private static bool Is64(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR64() && instruction.Op0Register != Register.RSP
        && instruction.Op1Kind != OpKind.Register;

    private static bool IsZeroing(in Instruction instruction) => instruction.Op0Kind == OpKind.Register
        && instruction.Op1Kind == OpKind.Register && instruction.Op0Register == instruction.Op1Register
        && (instruction.Op0Register.IsGPR32() || instruction.Op0Register.IsGPR64() || instruction.Op0Register.IsXMM());

    /// <summary>Whatever it writes is unknown from here on.</summary>
    private RegisterState Forget(in Instruction instruction, RegisterState state)
    {
        InstructionInfo info = _facts.GetInfo(instruction);
        RegisterState after = state;
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            bool isWritten = used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess or OpAccess.None);
            after = !isWritten ? after
                : used.Register.IsGPR() ? after.With(used.Register, RegisterValue.Unknown)
                : used.Register.IsVectorRegister() ? after.WithVector(used.Register.GetNumber() % 16, RegisterValue.Unknown)
                : used.Register.IsSegmentRegister() ? after.WithSegment(used.Register, RegisterValue.Unknown)
                : after with { Fpu = RegisterValue.Unknown };
        }

        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            bool isWritten = memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            if (isWritten)
            {
                complain(instruction, "writes memory in a way that is not followed");
            }
        }

        return after;
    }
}
