using Atoll.Linker.Proof.Registers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>What single instructions leave in registers (Intel SDM Vol. 1, "General-Purpose Registers in 64-Bit Mode"): half of a word is never taken for all of it.</summary>
public sealed class RegisterStepTests
{
    private static readonly RegisterValue s_own = new(ValueKind.Own, 3);

    /// <summary>A stack of the kernel's, with one word of the program's on it.</summary>
    private static RegisterState OnStack => new RegisterState().AtDepth(8).WithSlot(8, s_own);

    [Fact]
    public void WordThatIsStored_IsKnown()
    {
        RegisterState state = After(OnStack.With(Register.RBX, s_own), a => a.mov(__qword_ptr[rsp], rbx));

        Assert.Equal(s_own, state.Stack[8]);
    }

    [Fact]
    public void HalfOfAWordThatIsStored_LeavesTheOtherHalf()
    {
        RegisterState state = After(OnStack.WithSlot(8, RegisterValue.Constant(2)), a => a.mov(__dword_ptr[rsp], 2));

        Assert.Equal(RegisterValue.Unknown, state.Stack[8]);
    }

    [Fact]
    public void FlagsOfWhichHalfWasWritten_AreNotClean()
    {
        RegisterState whole = After(OnStack, a => { a.push(2); a.popfq(); });
        RegisterState half = After(OnStack, a => { a.mov(__dword_ptr[rsp], 2); a.popfq(); });

        Assert.True(whole.HasCleanFlags);
        Assert.False(half.HasCleanFlags);
    }

    [Fact]
    public void HalfOfAWordThatIsLoaded_IsNotTheWord()
    {
        RegisterState state = After(OnStack.With(Register.RDX, s_own), a => a.mov(edx, __dword_ptr[rsp]));

        Assert.Equal(RegisterValue.Unknown, state[Register.RDX]);
    }

    [Fact]
    public void WordThatIsLoaded_IsTheWord() =>
        Assert.Equal(s_own, After(OnStack, a => a.mov(rdx, __qword_ptr[rsp]))[Register.RDX]);

    /// <summary>Only a constant is followed into a 32-bit register.</summary>
    [Fact]
    public void HalfOfARegister_IsNotFollowed()
    {
        RegisterState constant = After(OnStack, a => a.mov(edx, 7));
        RegisterState copied = After(OnStack.With(Register.RCX, RegisterValue.Constant(7)), a => a.mov(edx, ecx));

        Assert.Equal(RegisterValue.Constant(7), constant[Register.RDX]);
        Assert.Equal(RegisterValue.Unknown, copied[Register.RDX]);
    }

    [Fact]
    public void SelectorOfAConstant_IsItsLowHalf()
    {
        RegisterState state = OnStack.With(Register.RCX, RegisterValue.Constant(0x1_0000_0023));

        Assert.Equal(RegisterValue.Constant(0x23), After(state, a => a.mov(es, ecx)).Segment(Register.ES));
    }

    [Fact]
    public void SelectorOfAnythingElse_IsNotKnown()
    {
        RegisterState state = OnStack.With(Register.RCX, s_own);

        Assert.Equal(RegisterValue.Unknown, After(state, a => a.mov(es, ecx)).Segment(Register.ES));
    }

    [Fact]
    public void SelectorOfHalfAConstant_IsNotKnown()
    {
        RegisterState state = OnStack.With(Register.RCX, RegisterValue.Constant(0x23));

        Assert.Equal(RegisterValue.Unknown, After(state, a => a.mov(es, cx)).Segment(Register.ES));
    }

    // Intel SDM Vol. 3A, "Segment Loading Instructions in IA-32e Mode": a selector that is loaded brings its base.
    [Fact]
    public void SelectorOfFs_TakesItsBase()
    {
        RegisterState loaded = OnStack.With(Register.RCX, RegisterValue.Zero) with { IsFsBaseLoaded = true };

        Assert.False(After(loaded, a => a.mov(fs, ecx)).IsFsBaseLoaded);
        Assert.True(After(loaded, a => a.mov(es, ecx)).IsFsBaseLoaded);
        Assert.False(After(loaded with { IsFsBaseLoaded = false }, a => a.mov(es, ecx)).IsFsBaseLoaded);
    }

    [Fact]
    public void ThreadThatGoes_LeavesTheKernelsStackAndConstants()
    {
        RegisterState state = OnStack.With(Register.RBX, s_own).With(Register.RCX, RegisterValue.Constant(7)).Switched();

        Assert.Equal(8, state.Depth);
        Assert.Equal(RegisterValue.Constant(7), state[Register.RCX]);
        Assert.Equal(RegisterValue.Unknown, state[Register.RBX]);
        Assert.Equal(RegisterValue.Unknown, state.Stack[8]);
    }

    private static RegisterState After(RegisterState state, Action<Assembler> body)
    {
        byte[] code = ProofSubject.Code(body);
        Decoder decoder = Decoder.Create(64, code);
        var step = new RegisterStep(proof: null!, (instruction, what) => Assert.Fail($"{instruction}: {what}"));
        while (decoder.IP < (ulong)code.Length)
        {
            state = step.After(decoder.Decode(), state);
        }

        return state;
    }
}
