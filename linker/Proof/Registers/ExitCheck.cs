using Atoll.Abi;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>Where an exit leads.</summary>
public enum ExitKind
{
    /// <summary>Back into what an interrupt has interrupted, or into ring 0.</summary>
    Back,

    /// <summary>Into ring 3 by the kernel's own making.</summary>
    ToThread,
}

/// <summary>What every register must hold where ring 3 begins.</summary>
/// <param name="report">Takes what does not hold.</param>
public sealed class ExitCheck(Action<CodeFunction, Instruction, string> report)
{
    private const int WordBytes = sizeof(ulong);
    private const ulong UserCode = ImageLayout.UserCodeSelector | ImageLayout.UserPrivilege;
    private const ulong UserData = ImageLayout.UserDataSelector | ImageLayout.UserPrivilege;

    private static readonly Register[] s_segments = [Register.DS, Register.ES, Register.FS, Register.GS];

    /// <summary>Checks an exit.</summary>
    public ExitKind Run(CodeFunction function, Instruction instruction, RegisterState state)
    {
        bool isCallReturn = instruction.Mnemonic == Mnemonic.Sysretq;
        bool isBack = !isCallReturn && HasFrame(state);
        if (isBack && state.Origin == Origin.UserInterrupt)
        {
            report(function, instruction, "ends an interrupt of ring 3 that the kernel has not seen");
        }
        else if (!isBack && state.Origin == Origin.KernelInterrupt)
        {
            report(function, instruction, "leads an interrupt of ring 0 elsewhere than where it came from");
        }

        if (isCallReturn)
        {
            CheckCallReturn();
        }
        else if (!isBack)
        {
            CheckFrame();
        }

        foreach (Register register in ContextLayout.General)
        {
            if (!isCallReturn || register is not (Register.RCX or Register.R11))
            {
                Check(Is(state[register], register), register.ToString().ToLowerInvariant(), state[register]);
            }
        }

        CheckState();
        return isBack ? ExitKind.Back : ExitKind.ToThread;

        void CheckCallReturn()
        {
            Check(state[Register.RCX].Kind is ValueKind.OwnAddress or ValueKind.LowAddress, "the address in rcx", state[Register.RCX]);
            Check(state[Register.R11].Kind is ValueKind.OwnFlags or ValueKind.UserFlags, "the flags in r11", state[Register.R11]);
            Check(IsStack(state[Register.RSP]), "rsp", state[Register.RSP]);
        }

        // RIP, CS, RFLAGS, RSP, SS, as IRETQ takes them.
        void CheckFrame()
        {
            Check(Slot(state, 0).Kind == ValueKind.LowAddress, "the address in the frame", Slot(state, 0));
            Check(Slot(state, 1) == RegisterValue.Constant(UserCode), "cs in the frame", Slot(state, 1));
            Check(Slot(state, 2).Kind == ValueKind.UserFlags, "the flags in the frame", Slot(state, 2));
            Check(IsStack(Slot(state, 3)), "rsp in the frame", Slot(state, 3));
            Check(Slot(state, 4) == RegisterValue.Constant(UserData), "ss in the frame", Slot(state, 4));
        }

        void CheckState()
        {
            for (int number = 0; number < 16; number++)
            {
                Check(IsVector(state.Vector(number), number), $"xmm{number}", state.Vector(number));
            }

            Check(state.Fpu.Kind is ValueKind.OwnState or ValueKind.Restored, "x87 and mxcsr", state.Fpu);
            foreach (Register segment in s_segments)
            {
                RegisterValue selector = state.Segment(segment);
                bool isGood = selector.Kind == ValueKind.OwnState || selector == RegisterValue.Zero;
                Check(isGood, segment.ToString().ToLowerInvariant(), selector);
            }

            Check(state is { IsFsBaseLoaded: true, IsFsBaseNoted: true }, "the base of fs", RegisterValue.Unknown);
        }

        void Check(bool isGood, string what, RegisterValue value)
        {
            if (!isGood)
            {
                report(function, instruction, $"leaves the kernel with {what} holding {value}");
            }
        }
    }

    /// <summary>The register's own word: the same thread's, or that of the context of the one that goes on.</summary>
    private static bool Is(RegisterValue value, Register register) => value.Kind switch
    {
        ValueKind.Own => value.Detail == (ulong)register.GetNumber(),
        ValueKind.Field => value.Detail == ContextLayout.OffsetOf(register),
        ValueKind.Constant => value.Detail == 0,
        _ => false,
    };

    private static bool IsVector(RegisterValue value, int number) =>
        value.Kind == ValueKind.Restored || value == RegisterValue.Zero
        || value == new RegisterValue(ValueKind.OwnVector, (ulong)number);

    private static bool IsStack(RegisterValue value) =>
        value.Kind == ValueKind.OwnStack || value == new RegisterValue(ValueKind.Field, ContextLayout.Rsp);

    /// <summary>Whether the frame on the stack is the one that the processor has pushed.</summary>
    private static bool HasFrame(RegisterState state) =>
        Enumerable.Range(0, 5).All(word => Slot(state, word) == new RegisterValue(ValueKind.Frame, (ulong)word));

    private static RegisterValue Slot(RegisterState state, int word) =>
        state.Depth is { } depth ? state.Stack.GetValueOrDefault(depth - (word * WordBytes)) : RegisterValue.Unknown;
}
