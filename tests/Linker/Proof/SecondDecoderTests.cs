using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Trampolines;
using Gee.External.Capstone;
using Gee.External.Capstone.X86;
using Iced.Intel;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Capstone as a second witness: the proof rests on where instructions begin, which is Iced's word.</summary>
public sealed class SecondDecoderTests
{
    /// <summary>Instructions of random bytes that both know; what one of them does not know is no witness.</summary>
    private const int RandomCount = 20_000;

    [Fact]
    public void TrampolinesHaveTheSameInstructions()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        int compared = 0;
        foreach (Linker.Inspect.TrampolineCode code in Linker.Inspect.TrampolineListing.Of(image.File))
        {
            byte[] bytes = image.At(code.Address, code.SizeBytes).ToArray();
            compared += AssertAlike(bytes, code.Address, code.Bitness, code.Name);
        }

        Assert.True(compared > 400, $"{compared} instructions compared");
    }

    [Fact]
    public void EntriesOfInterruptsHaveTheSameInstructions()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        Linker.Elf.ElfSection text = image.Section(".text");

        Assert.True(AssertAlike(text.Content.ToArray(), text.Address, 64, ".text") > 2 * InterruptEntries.Count);
    }

    /// <summary>Random bytes: rare encodings, prefixes in odd places.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RandomInstructionsHaveTheSameLengths(int seed)
    {
        Random random = new(seed);
        using CapstoneX86Disassembler capstone = Open(64);
        byte[] bytes = new byte[16];
        int compared = 0;
        int round = 0;
        while (compared < RandomCount)
        {
            round++;
            random.NextBytes(bytes);
            Decoder decoder = Decoder.Create(64, bytes);
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid || IsKnownDifference(instruction, bytes[0])
                || capstone.Disassemble(bytes, 0, 1) is not [var second])
            {
                continue;
            }

            compared++;
            Assert.True(
                second.Bytes.Length == instruction.Length,
                $"seed {seed}, round {round}: {Convert.ToHexString(bytes)} is '{instruction}' ({instruction.Length}) and '{second.Mnemonic} {second.Operand}' ({second.Bytes.Length})");
        }
    }

    /// <summary>Both decode the same bytes; returns how many instructions they agree on.</summary>
    private static int AssertAlike(byte[] bytes, ulong address, int bitness, string where)
    {
        using CapstoneX86Disassembler capstone = Open(bitness);
        Decoder decoder = Decoder.Create(bitness, bytes, address);
        X86Instruction[] second = capstone.Disassemble(bytes, (long)address);
        int count = 0;
        while (decoder.IP < address + (ulong)bytes.Length)
        {
            Instruction instruction = decoder.Decode();
            Assert.True(count < second.Length, $"{where}: Capstone stops at 0x{instruction.IP:x}, '{instruction}'");
            Assert.True(
                (ulong)second[count].Address == instruction.IP && second[count].Bytes.Length == instruction.Length,
                $"{where}: '{instruction}' at 0x{instruction.IP:x} is '{second[count].Mnemonic} {second[count].Operand}'");
            count++;
        }

        return count;
    }

    /// <summary>Where processors, or manuals, differ: UD0 and UD1 have an operand with Intel and none with AMD, and AMD obeys prefixes of
    /// near branches that Intel ignores (Intel SDM Vol. 2, "CALL", "UD"; AMD APM Vol. 3). No image has either: the proof refuses
    /// nothing for it, but ILC and Iced's assembler write neither.</summary>
    private static bool IsKnownDifference(in Instruction instruction, byte first)
    {
        bool isPrefixed = first is 0x66 or 0x67 or 0xF2 or 0xF3 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65 or (>= 0x40 and <= 0x4F);
        return instruction.Mnemonic is Mnemonic.Ud0 or Mnemonic.Ud1 || (isPrefixed && instruction.FlowControl != FlowControl.Next);
    }

    private static CapstoneX86Disassembler Open(int bitness) => CapstoneDisassembler.CreateX86Disassembler(bitness switch
    {
        16 => X86DisassembleMode.Bit16,
        32 => X86DisassembleMode.Bit32,
        _ => X86DisassembleMode.Bit64,
    });
}
