using Atoll.Linker.Elf;
using Iced.Intel;

namespace Atoll.Image.Tests;

/// <summary>In x2APIC mode an interrupt is one WRMSR, which does not wait for earlier stores.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "MSR Access in x2APIC Mode": MFENCE; LFENCE before the WRMSR that announces a store.</remarks>
public sealed class ApicOrderTests
{
    /// <summary>IA32_X2APIC_ICR (Intel SDM Vol. 3A, "x2APIC Register Address Space").</summary>
    private const ulong InterruptCommand = 0x830;

    [Fact]
    public void EveryInterruptCommand_ComesAfterBothFences()
    {
        Instruction[] text = [.. Text()];
        int[] commands = [.. Enumerable.Range(0, text.Length).Where(i => WritesInterruptCommand(text, i))];

        Assert.NotEmpty(commands);
        Assert.All(commands, command =>
        {
            string before = string.Join("; ", text[(command - 8)..command].Select(instruction => instruction.Mnemonic));
            Assert.Contains("Mfence; Lfence", before, StringComparison.Ordinal);
        });
    }

    // The number is the first argument of the stub that writes an MSR.
    private static bool WritesInterruptCommand(Instruction[] text, int at) => text[at].Mnemonic == Mnemonic.Mov
        && text[at].Op0Register == Register.EDI && text[at].Op1Kind == OpKind.Immediate32 && text[at].GetImmediate(1) == InterruptCommand;

    private static IEnumerable<Instruction> Text()
    {
        ElfSegment segment = KernelImage.Inspect().Segments.Single(segment =>
            (segment.Flags & ElfNative.PF_X) != 0 && segment.VirtualAddress != segment.PhysicalAddress);
        byte[] bytes = File.ReadAllBytes(KernelImage.Path)[(int)segment.FileOffset..(int)(segment.FileOffset + segment.FileBytes)];
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), segment.VirtualAddress);
        while (decoder.IP < segment.VirtualAddress + segment.FileBytes)
        {
            yield return decoder.Decode();
        }
    }
}
