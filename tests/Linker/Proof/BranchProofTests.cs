using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Atoll.Linker.Elf.ElfNative;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Where control can go.</summary>
public sealed class BranchProofTests
{
    [Fact]
    public void JumpIntoAnInstructionIsFound()
    {
        // jmp +1: into the immediate of the MOV behind it.
        LinkedImage image = ProofSubject.WithBootMain([0xEB, 0x01, 0xB8, 0x90, 0x90, 0x90, 0x90, 0xC3]);

        Diagnostic finding = Assert.Single(ProofSubject.Findings(image.Bytes, "ATL9054"));

        Assert.Equal("atoll_boot_main", finding.Symbol);
        Assert.Contains("'atoll_boot_main'+0x3", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallOfDataIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel([.. LinkedImage.CallBytes, 0xC3], Fixup.Call("constant"))
            .Constant("constant", [0xC3, 0, 0, 0, 0, 0, 0, 0]);

        Diagnostic finding = Assert.Single(ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9054"));

        Assert.Contains("to 'constant'", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallIntoTheMiddleOfAFunctionIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel([.. LinkedImage.CallBytes, 0xC3], Fixup.Call("callee") with { Addend = -3 })
            .Code("callee", [0x90, 0xC3]);

        Assert.Single(ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9054"));
    }

    [Fact]
    public void CallIntoAnotherModeIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel([0x50, .. LinkedImage.CallBytes, 0x58, 0xC3], Fixup.Call("leaf") with { Offset = 2 })
            .Code("leaf", [0xC3]).WithFrames(("atoll_boot_main", 8, 1));
        LinkedImage image = LinkedImage.Of(builder);
        IReadOnlyList<string> claims = ProofSubject.Prove(image.Bytes).Report!.Trusted;
        Assert.Empty(ProofSubject.Prove(image.WithClaims(claims)).Findings);

        // What 32-bit decoding makes of a function must not be what 64-bit code calls.
        byte[] patched = image.WithClaims([.. claims, "mode leaf 32"]);

        Assert.Equal("atoll_boot_main", Assert.Single(ProofSubject.Findings(patched, "ATL9054")).Symbol);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xE0 })]
    [InlineData(new byte[] { 0xFF, 0x20 })]
    [InlineData(new byte[] { 0xFF, 0xD0, 0xC3 })]
    [InlineData(new byte[] { 0xFF, 0x10, 0xC3 })]
    public void UndeclaredIndirectTransferIsFound(byte[] code)
    {
        LinkedImage image = ProofSubject.WithBootMain(code);

        Assert.Equal("atoll_boot_main", Assert.Single(ProofSubject.Findings(image.Bytes, "ATL9055")).Symbol);
        Assert.Contains(ProofSubject.Findings(image.Bytes, "ATL9057"), finding => finding.Message.Contains("nobody knows where", StringComparison.Ordinal));
    }

    [Fact]
    public void ConstantThatIsNoFunctionIsFound()
    {
        LinkedImage image = ProofSubject.WithBootMain(a => { a.mov(rax, 0x1234_5678_9ABCUL); a.jmp(rax); });

        Assert.Contains("no function of this mode", Assert.Single(ProofSubject.Findings(image.Bytes, "ATL9055")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConstantOfAnotherRegisterIsNone()
    {
        LinkedImage image = ProofSubject.WithBootMain(a => { a.mov(rax, 0x1234_5678_9ABCUL); a.jmp(rcx); });

        Assert.Contains(
            "nobody knows where", Assert.Single(ProofSubject.Findings(image.Bytes, "ATL9055")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SwitchIsUnderstood() =>
        Assert.Empty(ProofSubject.Prove(LinkedImage.Of(Switch()).Bytes).Findings);

    [Fact]
    public void TableThatLeadsIntoAnInstructionIsFound()
    {
        LinkedImage image = LinkedImage.Of(Switch());

        byte[] patched = image.Patched(image.AddressOf("table") + 4, 1);

        Assert.Single(ProofSubject.Findings(patched, "ATL9055"));
    }

    [Fact]
    public void ComparisonThatAllowsMoreThanTheTableHasIsFound()
    {
        LinkedImage image = LinkedImage.Of(Switch());
        ulong immediate = image.AddressOf("atoll_boot_main") + 2;

        Assert.Single(ProofSubject.Findings(image.Patched(immediate, 0x7F), "ATL9055"));
    }

    [Fact]
    public void ComparisonOfAnotherRegisterIsFound()
    {
        LinkedImage image = LinkedImage.Of(Switch());
        ulong register = image.AddressOf("atoll_boot_main") + 1;

        // cmp edi → cmp esi
        Assert.Single(ProofSubject.Findings(image.Patched(register, 0xFE), "ATL9055"));
    }

    [Fact]
    public void IndexThatNobodyComparedIsFound()
    {
        LinkedImage image = LinkedImage.Of(Switch());
        // The SIB byte of the load: scale 4, index RAX, base RCX; RSI as index instead.
        ulong scaledIndex = image.AddressOf("atoll_boot_main") + 16;

        Assert.Equal(0x81, image.At(scaledIndex, 1)[0]);
        Assert.Single(ProofSubject.Findings(image.Patched(scaledIndex, 0xB1), "ATL9055"));
    }

    [Fact]
    public void WritableTableIsFound() =>
        Assert.Single(ProofSubject.Findings(LinkedImage.Of(Switch(isWritable: true)).Bytes, "ATL9055"));

    [Fact]
    public void JumpPastTheComparisonIsFound()
    {
        LinkedImage image = LinkedImage.Of(Switch());
        ulong second = image.AddressOf("atoll_boot_main") + (ulong)SwitchTargets[1];

        // The second target becomes a jump back to behind JA.
        byte[] patched = image.Patched(second, 0xEB, unchecked((byte)(5 - (SwitchTargets[1] + 2))));

        Assert.Contains("past the comparison", Assert.Single(ProofSubject.Findings(patched, "ATL9055")).Message, StringComparison.Ordinal);
    }

    /// <summary>Offsets of the two cases; the default is the third.</summary>
    private static int[] SwitchTargets => [0x1D, 0x20];

    /// <summary>A switch of two cases as RyuJIT writes it: offsets count from the function's start.</summary>
    internal static ObjectBuilder Switch(bool isWritable = false)
    {
        byte[] code = ProofSubject.Code(a =>
        {
            Label end = a.CreateLabel();
            a.cmp(edi, 1);
            a.ja(end);
            a.AddInstruction(Instruction.Create(Iced.Intel.Code.Mov_r32_rm32, Register.EAX, Register.EDI));
            a.AddInstruction(Instruction.Create(Iced.Intel.Code.Lea_r64_m, Register.RCX, new MemoryOperand(Register.RIP, 0L)));
            a.mov(ecx, __dword_ptr[rcx + (rax * 4)]);
            a.AddInstruction(Instruction.Create(Iced.Intel.Code.Lea_r64_m, Register.RDX, new MemoryOperand(Register.RIP, 0L)));
            a.add(rcx, rdx);
            a.jmp(rcx);
            a.nop(2);
            a.ret();
            a.nop(2);
            a.Label(ref end);
            a.ret();
        });
        byte[] table = new byte[8];
        table[0] = (byte)SwitchTargets[0];
        table[4] = (byte)SwitchTargets[1];
        Fixup[] fixups =
        [
            new(10, R_X86_64_PC32, "table", -4),
            new(20, R_X86_64_PC32, "atoll_boot_main", -4),
        ];
        ObjectBuilder builder = ProofSubject.Kernel(code, fixups);
        return isWritable ? builder.Data("table", table) : builder.Constant("table", table);
    }
}
