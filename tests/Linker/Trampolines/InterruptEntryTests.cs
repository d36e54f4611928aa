using System.Globalization;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Linker.Trampolines;
using Atoll.Linker.Trampolines.UserMode;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Follows the stack through all 256 entries and back.</summary>
public class InterruptEntryTests
{
    /// <summary>
    /// Intel SDM Vol. 3A, "Protected-Mode Exceptions and Interrupts": #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP.
    /// AMD APM Vol. 2, "Exceptions": #VC and #SX.
    /// </summary>
    private static readonly int[] s_vectorsWithErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    private readonly TrampolineImage _image = new();
    private readonly Instruction[] _code;

    public InterruptEntryTests() => _code =
    [
        .. Decoded.Of(_image, InterruptEntries.Symbol),
        .. Decoded.Of(_image, InterruptCommonPath.Symbol),
        .. Decoded.Of(_image, InterruptOrigin.Symbol),
        .. s_wakeOnlyVectors.SelectMany(vector => Decoded.Of(_image, $"wake_entry_{vector}")),
    ];

    /// <summary>Timer and doorbell in xAPIC mode, as kernel/Abi has them.</summary>
    private static readonly int[] s_wakeOnlyVectors = [0x30, 0xF0];

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, 256)];

    public static TheoryData<int> WakeOnlyVectors => [.. s_wakeOnlyVectors];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void HandlerSeesTheTrapFrame(int vector)
    {
        EntryMachine machine = Interrupt(vector);
        Instruction call = machine.RunFrom(_image[$"interrupt_entry_{vector}"]);

        Assert.Equal(Mnemonic.Call, call.Mnemonic);
        Assert.Equal(_image["atoll_trap"], call.NearBranchTarget);
        Assert.Equal(machine.StackPointer, machine.Argument);
        // System V ABI AMD64, "The Stack Frame": RSP is a multiple of 16 in front of a call; DF is clear.
        Assert.Equal(0UL, machine.StackPointer % 16);
        Assert.True(machine.DirectionCleared);
        Assert.Equal(EntryMachine.InitialStackPointer, machine.StackPointer + TrapFrame.SizeBytes);
        AssertFrame(machine, vector);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void InterruptedCodeGetsEverythingBack(int vector)
    {
        EntryMachine machine = Interrupt(vector);
        Instruction call = machine.RunFrom(_image[$"interrupt_entry_{vector}"]);
        machine.OverwriteRegisters();
        Instruction end = machine.RunFrom(call.NextIP);

        Assert.Equal(Mnemonic.Iretq, end.Mnemonic);
        Assert.All(EntryMachine.GeneralRegisters, register =>
            Assert.Equal(register.ToString(), machine.General(register)));
        Assert.All(EntryMachine.VectorRegisters, register =>
            Assert.Equal(($"{register}.low", $"{register}.high"), machine.Vector(register)));
        Assert.Equal("interrupted RIP", machine.Word(machine.StackPointer));
        Assert.Equal(EntryMachine.InitialStackPointer - 40, machine.StackPointer);
    }

    /// <summary>
    /// Intel SDM Vol. 3A, "Signaling Interrupt Servicing Completion" and "EOI Register": a 32-bit write of 0 to offset
    /// B0 of the
    /// register page ends the interrupt. MOV with an immediate and IRETQ change no register, and RFLAGS comes back from
    /// the stack;
    /// the CPU pushes no error code for these vectors, so IRETQ finds what was pushed.
    /// </summary>
    [Theory]
    [MemberData(nameof(WakeOnlyVectors))]
    public void WakeOnlyEntry_EndsTheInterruptAndReturns(int vector)
    {
        int start = Array.FindIndex(_code, instruction => instruction.IP == _image[$"wake_entry_{vector}"]) + 2;
        Instruction end = _code[start];

        Assert.Equal(Code.Mov_rm32_imm32, end.Code);
        Assert.Equal((OpKind.Memory, Register.None, Register.None), (end.Op0Kind, end.MemoryBase, end.MemoryIndex));
        Assert.Equal(Register.DS, end.MemorySegment);
        Assert.Equal(0xFFFF_FFFF_8031_00B0, end.MemoryDisplacement64);
        Assert.Equal(0ul, end.GetImmediate(1));
        Assert.False(end.HasLockPrefix);
        Assert.Equal(Code.Iretq, _code[start + 1].Code);
        Assert.DoesNotContain(vector, s_vectorsWithErrorCode);
    }

    /// <summary>Ring 3 must come into the kernel for it: the same entry as that of every other vector.</summary>
    [Theory]
    [MemberData(nameof(WakeOnlyVectors))]
    public void WakeOnlyEntry_FromRing3IsAnEntryLikeAnyOther(int vector)
    {
        int start = Array.FindIndex(_code, instruction => instruction.IP == _image[$"wake_entry_{vector}"]);

        // Intel SDM Vol. 3A, "64-Bit Mode Stack Frame": RIP on top, CS above it; its bits 0 and 1 are the ring.
        Assert.Equal("test byte ptr [rsp+8],3", _code[start].ToString());
        Assert.Equal(Mnemonic.Jne, _code[start + 1].Mnemonic);
        Assert.Equal(_image[$"interrupt_entry_{vector}"], _code[start + 1].NearBranchTarget);
    }

    private EntryMachine Interrupt(int vector) => new(_code, s_vectorsWithErrorCode.Contains(vector));

    private static void AssertFrame(EntryMachine machine, int vector)
    {
        TrapFrame frame = default;
        ulong WordOf(ref ulong field) => machine.StackPointer + Offset(ref frame, ref field);
        void Holds(string expected, ref ulong field) => Assert.Equal(expected, machine.Word(WordOf(ref field)));

        Holds("R15", ref frame.R15);
        Holds("R14", ref frame.R14);
        Holds("R13", ref frame.R13);
        Holds("R12", ref frame.R12);
        Holds("R11", ref frame.R11);
        Holds("R10", ref frame.R10);
        Holds("R9", ref frame.R9);
        Holds("R8", ref frame.R8);
        Holds("RBP", ref frame.Rbp);
        Holds("RDI", ref frame.Rdi);
        Holds("RSI", ref frame.Rsi);
        Holds("RDX", ref frame.Rdx);
        Holds("RCX", ref frame.Rcx);
        Holds("RBX", ref frame.Rbx);
        Holds("RAX", ref frame.Rax);
        Holds(vector.ToString(CultureInfo.InvariantCulture), ref frame.Vector);
        Holds(s_vectorsWithErrorCode.Contains(vector) ? "error code" : "0", ref frame.ErrorCode);
        Holds("interrupted RIP", ref frame.Rip);
        Holds("interrupted CS", ref frame.Cs);
        Holds("interrupted RFLAGS", ref frame.Rflags);
        Holds("interrupted RSP", ref frame.Rsp);
        Holds("interrupted SS", ref frame.Ss);
        for (int index = 0; index < 16; index++)
        {
            Holds($"XMM{index}.low", ref frame.Xmm[2 * index]);
            Holds($"XMM{index}.high", ref frame.Xmm[(2 * index) + 1]);
        }
    }

    /// <summary>Offset of a field as the compiler has laid it out.</summary>
    private static ulong Offset(ref TrapFrame frame, ref ulong field) =>
        (ulong)Unsafe.ByteOffset(ref Unsafe.As<TrapFrame, ulong>(ref frame), ref field);
}
