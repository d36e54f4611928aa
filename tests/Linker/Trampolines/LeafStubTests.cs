using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>What each stub executes, by docs/image.md, in the System V calling convention.</summary>
public class LeafStubTests
{
    [Theory]
    [InlineData("x64_in8", "mov edx, edi; in al, dx; movzx eax, al; ret")]
    [InlineData("x64_out8", "mov edx, edi; mov eax, esi; out dx, al; ret")]
    [InlineData("x64_read_msr", "mov ecx, edi; rdmsr; shl rdx, 0x20; or rax, rdx; ret")]
    [InlineData("x64_write_msr", "mov ecx, edi; mov eax, esi; mov rdx, rsi; shr rdx, 0x20; wrmsr; ret")]
    [InlineData("x64_read_cr0", "mov rax, cr0; ret")]
    [InlineData("x64_read_cr2", "mov rax, cr2; ret")]
    [InlineData("x64_read_cr3", "mov rax, cr3; ret")]
    [InlineData("x64_read_cr4", "mov rax, cr4; ret")]
    [InlineData("x64_write_cr3", "mov cr3, rdi; ret")]
    [InlineData("x64_write_cr3_and_return", "mov cr3, rdi; mov rax, rsi; ret")]
    [InlineData("x64_write_cr4", "mov cr4, rdi; ret")]
    [InlineData(
        "x64_cpuid",
        "push rbx; mov r8, rdx; mov eax, edi; mov ecx, esi; cpuid; "
        + "mov [r8], eax; mov [r8+4], ebx; mov [r8+8], ecx; mov [r8+0xC], edx; pop rbx; ret")]
    [InlineData("x64_read_tsc", "rdtsc; shl rdx, 0x20; or rax, rdx; ret")]
    [InlineData("x64_read_flags", "pushfq; pop rax; ret")]
    [InlineData("x64_read_stack_pointer", "lea rax, [rsp+8]; ret")]
    [InlineData("x64_read_frame_pointer", "mov rax, rbp; ret")]
    [InlineData("x64_disable_interrupts", "cli; ret")]
    [InlineData("x64_halt", "hlt; ret")]
    [InlineData("x64_enable_interrupts_and_halt", "sti; hlt; cli; ret")]
    [InlineData("x64_open_interrupts", "sti; nop; cli; ret")]
    [InlineData("x64_invalidate_page", "invlpg [rdi]; ret")]
    [InlineData("x64_mmio_read32", "mov eax, [rdi]; ret")]
    [InlineData("x64_mmio_write32", "mov [rdi], esi; ret")]
    [InlineData("x64_mmio_read8", "movzx eax, [rdi]; ret")]
    [InlineData("x64_mmio_write8", "mov [rdi], sil; ret")]
    [InlineData("x64_mmio_read16", "movzx eax, [rdi]; ret")]
    [InlineData("x64_mmio_write16", "mov [rdi], si; ret")]
    [InlineData("x64_check_failed", "int 0x20; ud2; ret")]
    [InlineData("x64_undefined_instruction", "ud2; ret")]
    public void Executes(string name, string expected)
    {
        IntelFormatter formatter = new(new FormatterOptions
        {
            SpaceAfterOperandSeparator = true,
            MemorySizeOptions = MemorySizeOptions.Never,
            FirstOperandCharIndex = 0,
            HexPrefix = "0x",
            HexSuffix = null,
        });
        StringOutput output = new();
        List<string> lines = [];
        foreach (Instruction instruction in Decoded.Of(new TrampolineImage(), name))
        {
            formatter.Format(instruction, output);
            lines.Add(output.ToStringAndReset());
        }

        Assert.Equal(expected, string.Join("; ", lines));
    }

    [Fact]
    public void ImageInfoIsTheAddressOfTheLinkersStructure()
    {
        TrampolineImage image = new();
        Instruction load = Decoded.Of(image, "x64_image_info")[0];
        Assert.Equal(Code.Lea_r64_m, load.Code);
        Assert.Equal(Register.RAX, load.Op0Register);
        Assert.Equal(image["image_info"], load.MemoryDisplacement64);
    }

    [Theory]
    [InlineData("x64_mmio_read32")]
    [InlineData("x64_mmio_write32")]
    public void DeviceAccessIsOneOfFourBytes(string name) =>
        Assert.Equal(4, Assert.Single(Decoded.Of(new TrampolineImage(), name), instruction =>
            instruction.MemoryBase == Register.RDI).MemorySize.GetSize());

    [Fact]
    public void ExhaustStackPushesForEver()
    {
        IReadOnlyList<Instruction> code = Decoded.Of(new TrampolineImage(), "x64_exhaust_stack");
        Instruction last = code[^1];
        int loopStart = code.IndexOf(instruction => instruction.IP == last.NearBranchTarget);
        Assert.Equal(Mnemonic.Jmp, last.Mnemonic);
        Assert.All(code.Skip(loopStart).SkipLast(1), instruction => Assert.Equal(Mnemonic.Push, instruction.Mnemonic));
        Assert.True(loopStart < code.Count - 1);
    }
}
