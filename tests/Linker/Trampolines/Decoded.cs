using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Decodes emitted bytes.</summary>
internal static class Decoded
{
    /// <summary>All instructions of a fragment at its place in an image.</summary>
    public static IReadOnlyList<Instruction> Of(TrampolineImage image, string name, int bitness = 64) =>
        Of(image.Emit(name), image[name], bitness);

    /// <summary>All instructions in some bytes. An invalid one is an error.</summary>
    public static IReadOnlyList<Instruction> Of(byte[] bytes, ulong address, int bitness)
    {
        Decoder decoder = Decoder.Create(bitness, bytes, address);
        List<Instruction> instructions = [];
        while (decoder.IP < address + (ulong)bytes.Length)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                throw new InvalidDataException($"No instruction at 0x{instruction.IP:x}.");
            }

            instructions.Add(instruction);
        }

        return instructions;
    }

    /// <summary>Code in front of the padding that ends it.</summary>
    public static IReadOnlyList<Instruction> WithoutPadding(byte[] bytes, ulong address, int bitness)
    {
        IReadOnlyList<Instruction> all = Of(bytes, address, bitness);
        int padding = all.Reverse().TakeWhile(instruction => instruction.Mnemonic == Mnemonic.Int3).Count();
        return [.. all.SkipLast(padding)];
    }

    /// <summary>Place of the first such instruction in a list.</summary>
    public static int IndexOf(this IReadOnlyList<Instruction> instructions, Func<Instruction, bool> predicate) =>
        Enumerable.Range(0, instructions.Count).First(index => predicate(instructions[index]));

    /// <inheritdoc cref="IndexOf(IReadOnlyList{Instruction}, Func{Instruction, bool})"/>
    public static int IndexOf(this IReadOnlyList<Instruction> instructions, Mnemonic mnemonic) =>
        instructions.IndexOf(instruction => instruction.Mnemonic == mnemonic);

    /// <summary>The one instruction of its kind.</summary>
    public static Instruction Only(this IReadOnlyList<Instruction> instructions, Mnemonic mnemonic) =>
        instructions.Single(instruction => instruction.Mnemonic == mnemonic);

    /// <summary>Some instructions as text.</summary>
    public static IEnumerable<string> Text(this IReadOnlyList<Instruction> instructions, int start, int count) =>
        instructions.Skip(start).Take(count).Select(instruction => instruction.ToString());

    /// <summary>Whether the core halts for ever here: CLI; HLT; back to CLI.</summary>
    public static bool ParksAt(this IReadOnlyList<Instruction> instructions, int index) =>
        instructions[index].Mnemonic == Mnemonic.Cli
        && instructions[index + 1].Mnemonic == Mnemonic.Hlt
        && instructions[index + 2].Mnemonic == Mnemonic.Jmp
        && instructions[index + 2].NearBranchTarget == instructions[index].IP;

    /// <summary>Whether an instruction is MOV to a control register.</summary>
    public static bool Writes(this Instruction instruction, Register register) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Kind == OpKind.Register
        && instruction.Op0Register == register;

    /// <summary>The constant that MOV has last put into a register in front of an instruction.</summary>
    public static uint ConstantIn(this IReadOnlyList<Instruction> instructions, Register register, int before) =>
        (uint)instructions.Take(before).Last(instruction => instruction.Writes(register)).GetImmediate(1);

    /// <summary>Whether an instruction writes memory, the stack left out.</summary>
    public static bool WritesMemory(this Instruction instruction)
    {
        InstructionInfoFactory factory = new();
        return factory.GetInfo(instruction).GetUsedMemory().Any(memory =>
            memory.Base is not (Register.RSP or Register.ESP or Register.SP)
            && memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite);
    }
}
