using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>The bytes of a piece of code and how to unwind from each place in it.</summary>
/// <param name="Bytes">Machine code.</param>
/// <param name="Rows">Call frame information, sorted by offset.</param>
public sealed record AssembledCode(byte[] Bytes, IReadOnlyList<CallFrameRow> Rows);

/// <summary>An Iced assembler that keeps call frame information in step with the stack pointer.</summary>
/// <remarks>
/// Branches keep the length they were written with: local ones are short, those to another symbol have 32-bit
/// displacements. So the size of the code depends on no address. RSP changes only through the methods here.
/// </remarks>
public sealed class CodeBuilder
{
    private readonly List<(Label Position, UnwindRule Rule, int Offset, int FramePointerSlot)> _rows = [];
    private int _cfaOffset = 8;

    /// <summary>Begins code for one processor mode.</summary>
    /// <param name="bitness">16, 32 or 64.</param>
    public CodeBuilder(int bitness)
    {
        Bitness = bitness;
        Asm = new Assembler(bitness);
    }

    /// <summary>Mode that the code runs in: 16, 32 or 64.</summary>
    public int Bitness { get; }

    /// <summary>Where instructions that leave RSP alone are written.</summary>
    public Assembler Asm { get; }

    /// <summary>States how to unwind from here on.</summary>
    public void Frame(UnwindRule rule, int offset, int framePointerSlot = 0)
    {
        Label position = Asm.CreateLabel();
        // Iced wants a label to be followed by an instruction and to be alone on it: a zero-byte one serves both.
        Asm.Label(ref position);
        Asm.zero_bytes();
        _rows.Add((position, rule, offset, framePointerSlot));
    }

    /// <summary>The code was called: the return address is on top of the stack.</summary>
    public void Called()
    {
        _cfaOffset = 8;
        Frame(UnwindRule.FromStackPointer, _cfaOffset);
    }

    /// <summary>Pushes a register in code that was called.</summary>
    public void Push(AssemblerRegister64 register)
    {
        Asm.push(register);
        Moved(8);
    }

    /// <summary>Pops a register in code that was called.</summary>
    public void Pop(AssemblerRegister64 register)
    {
        Asm.pop(register);
        Moved(-8);
    }

    /// <summary>Pushes RFLAGS in code that was called.</summary>
    public void PushFlags()
    {
        Asm.pushfq();
        Moved(8);
    }

    /// <summary>Jumps to another symbol with a 32-bit displacement, however near it is.</summary>
    public void JumpTo(ulong target) =>
        Asm.AddInstruction(Instruction.CreateBranch(Bitness == 64 ? Code.Jmp_rel32_64 : Code.Jmp_rel32_32, target));

    /// <summary>Jumps to another symbol on a condition, with a 32-bit displacement.</summary>
    public void BranchTo(Code condition, ulong target) => Asm.AddInstruction(Instruction.CreateBranch(condition, target));

    /// <summary>FXRSTOR64 of an image at a symbol, relative to RIP.</summary>
    public void RestoreFpu(ulong image) =>
        Asm.AddInstruction(Instruction.Create(Code.Fxrstor64_m512byte, RelativeToInstruction(image)));

    /// <summary>LEA of another symbol, relative to RIP.</summary>
    public void LoadAddress(AssemblerRegister64 register, ulong target) =>
        Asm.AddInstruction(Instruction.Create(Code.Lea_r64_m, register, RelativeToInstruction(target)));

    /// <summary>LGDT of a pseudo-descriptor, relative to RIP.</summary>
    public void LoadGlobalDescriptorTable(ulong pointer) =>
        Asm.AddInstruction(Instruction.Create(Code.Lgdt_m1664, RelativeToInstruction(pointer)));

    /// <summary>LIDT of a pseudo-descriptor, relative to RIP.</summary>
    public void LoadInterruptDescriptorTable(ulong pointer) =>
        Asm.AddInstruction(Instruction.Create(Code.Lidt_m1664, RelativeToInstruction(pointer)));

    /// <summary>Encodes everything for the address that it will run at.</summary>
    public AssembledCode Assemble(ulong address)
    {
        using MemoryStream stream = new();
        AssemblerResult result = Asm.Assemble(
            new StreamCodeWriter(stream),
            address,
            BlockEncoderOptions.DontFixBranches | BlockEncoderOptions.ReturnNewInstructionOffsets);

        CallFrameRow[] rows = [.. _rows.Select(row => new CallFrameRow(
            (int)(result.GetLabelRIP(row.Position) - address),
            row.Rule,
            row.Offset,
            row.FramePointerSlot))];
        return new AssembledCode(stream.ToArray(), rows);
    }

    private static MemoryOperand RelativeToInstruction(ulong target) => new(Register.RIP, (long)target);

    private void Moved(int bytes)
    {
        _cfaOffset += bytes;
        Frame(UnwindRule.FromStackPointer, _cfaOffset);
    }
}
