using Atoll.Linker.Proof.Properties;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>What registers hold where the kernel begins.</summary>
/// <remarks>Sources: Intel SDM Vol. 2B, "SYSCALL"; Vol. 3A, "64-Bit Mode Stack Frame".</remarks>
public static class UserEntry
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>Words that the processor pushes for an interrupt, RIP first.</summary>
    private const int FrameWords = 5;

    /// <summary>Behind SYSCALL: everything is the program's, RSP too.</summary>
    /// <remarks>FMASK has cleared every flag.</remarks>
    public static (CodeFunction Function, RegisterState State) OfSystemCall(CodeFunction function) =>
        (function, (Own with { Origin = Origin.SystemCall, HasCleanFlags = true })
        .With(Register.RCX, new RegisterValue(ValueKind.OwnAddress))
        .With(Register.R11, new RegisterValue(ValueKind.OwnFlags))
        .With(Register.RSP, new RegisterValue(ValueKind.OwnStack)));

    /// <summary>Behind a gate: RSP is the kernel's, with the frame on it.</summary>
    public static (CodeFunction Function, RegisterState State) OfInterrupt(InterruptGate gate, Origin origin)
    {
        RegisterState state = (Own with { Origin = origin, HasCleanFlags = origin == Origin.KernelInterrupt })
            .With(Register.RSP, new RegisterValue(ValueKind.Depth, (ulong)gate.PushedBytes));
        for (int word = 0; word < FrameWords; word++)
        {
            state = state.WithSlot((FrameWords - word) * WordBytes, new RegisterValue(ValueKind.Frame, (ulong)word));
        }

        return (gate.Entry!, state);
    }

    /// <summary>Called by the kernel: nothing is a program's.</summary>
    public static (CodeFunction Function, RegisterState State) OfKernel(CodeFunction function) =>
        (function, new RegisterState { IsSwitched = true, HasCleanFlags = true }
            .With(Register.RSP, new RegisterValue(ValueKind.Depth, WordBytes)));

    private static RegisterState Own
    {
        get
        {
            RegisterValue state = new(ValueKind.OwnState);
            RegisterState own = new RegisterState { Fpu = state, IsFsBaseLoaded = true, IsFsBaseNoted = true }.WithSegments(state)
                .WithVectors(number => new RegisterValue(ValueKind.OwnVector, (ulong)number));
            return ContextLayout.General.Aggregate(own, (known, register) =>
                known.With(register, new RegisterValue(ValueKind.Own, (ulong)register.GetNumber())));
        }
    }
}
