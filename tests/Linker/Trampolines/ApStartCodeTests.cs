using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Trampolines;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>From SIPI to <c>x64_enter_instance</c>.</summary>
public class ApStartCodeTests
{
    private const ulong Page = 0x8000;

    private readonly TrampolineImage _image = new();
    private readonly byte[] _page;
    private readonly IReadOnlyList<Instruction> _realMode;
    private readonly IReadOnlyList<Instruction> _protectedMode;
    private readonly IReadOnlyList<Instruction> _longMode;

    public ApStartCodeTests()
    {
        _page = _image.Emit(ApStartCode.Symbol);
        _realMode = Part(0, ApStartCode.ProtectedModeOffset, bitness: 16);
        _protectedMode = Part(ApStartCode.ProtectedModeOffset, ApStartCode.LongModeOffset, bitness: 32);
        _longMode = Part(ApStartCode.LongModeOffset, ApStartCode.DescriptorTableOffset, bitness: 64);
    }

    private IEnumerable<Instruction> All => _realMode.Concat(_protectedMode).Concat(_longMode);

    [Fact]
    public void FitsInFrontOfTheParameters() => Assert.True(_page.Length <= 0xF00);

    [Fact]
    public void TimeStampIsReadFirstAndKept()
    {
        Assert.Equal(["rdtsc", "mov esi,eax", "mov edi,edx"], _realMode.Text(0, 3));
        int use = _longMode.IndexOf(instruction => instruction.ToString() == "shl rdi,20h");
        Assert.Equal(["mov esi,esi", "or rsi,rdi"], _longMode.Text(use + 1, 2));
        Assert.DoesNotContain(
            _realMode.Skip(3).Concat(_protectedMode).Concat(_longMode.Take(use)),
            instruction => WritesEither(instruction, Register.RSI, Register.RDI));
    }

    [Fact]
    public void PageIsNeverWritten() => Assert.DoesNotContain(All, instruction => instruction.WritesMemory());

    [Fact]
    public void StackIsNeverUsed() =>
        Assert.DoesNotContain(All, instruction => instruction.IsStackInstruction || instruction.IsCallNear);

    [Fact]
    public void RealModeReachesThePageByItsCodeSegment()
    {
        // CS:IP = 0800:0000, and the base in the operand has 32 bits (operand size prefix).
        Assert.Equal(["mov ax,cs", "mov ds,ax"], _realMode.Text(3, 2));
        Instruction load = _realMode.Single(instruction => instruction.Mnemonic == Mnemonic.Lgdt);
        Assert.Equal(Code.Lgdt_m1632, load.Code);
        Assert.Equal((ulong)ApStartCode.DescriptorTablePointerOffset, load.MemoryDisplacement64);
        Assert.Equal(Register.None, load.MemoryBase);
    }

    [Fact]
    public void ProtectedModeIsEnteredWithCachesOn()
    {
        // PE, MP, ET, NE, WP; CD and NW, which INIT leaves set, are clear; no paging yet.
        int cr0 = _realMode.IndexOf(instruction => instruction.Writes(Register.CR0));
        Assert.Equal(0x0001_0033u, _realMode.ConstantIn(Register.EAX, cr0));
        // The page lies below 64 KiB, so a 16-bit offset reaches it.
        Assert.Equal(Code.Jmp_ptr1616, _realMode[cr0 + 1].Code);
        Assert.Equal(0x18, _realMode[cr0 + 1].FarBranchSelector);
        Assert.Equal(Page + ApStartCode.ProtectedModeOffset, _realMode[cr0 + 1].FarBranch16);
    }

    [Fact]
    public void LongModeIsTurnedOnInTheOrderOfTheManual()
    {
        int cr4 = _protectedMode.IndexOf(instruction => instruction.Writes(Register.CR4));
        int cr3 = _protectedMode.IndexOf(instruction => instruction.Writes(Register.CR3));
        int efer = _protectedMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Wrmsr);
        int cr0 = _protectedMode.IndexOf(instruction => instruction.Writes(Register.CR0));

        Assert.Equal([cr4, cr3, efer, cr0], new[] { cr4, cr3, efer, cr0 }.Order());
        Assert.Equal(0x620u, _protectedMode.ConstantIn(Register.EAX, cr4));
        AssertReads(nameof(ApStartParameters.StartTables), _protectedMode[cr3 - 1]);
        Assert.Equal(0xC000_0080u, _protectedMode.ConstantIn(Register.ECX, efer));
        Assert.Equal(0x900u, _protectedMode.ConstantIn(Register.EAX, efer));
        Assert.Equal(0x8001_0033u, _protectedMode.ConstantIn(Register.EAX, cr0));
        Assert.Equal(0x08, _protectedMode[^1].FarBranchSelector);
        Assert.Equal(Page + ApStartCode.LongModeOffset, _protectedMode[^1].FarBranch32);
    }

    [Fact]
    public void OnlyTheMeantCoreGoesOn()
    {
        // IA32_APIC_BASE bit 10: x2APIC mode. The id is MSR 802H there, and bits 31:24 of FEE0_0020H else ("Local APIC ID").
        int mode = _protectedMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Rdmsr);
        Assert.Equal(0x1Bu, _protectedMode.ConstantIn(Register.ECX, mode));
        Assert.Equal("bt eax,0Ah", _protectedMode[mode + 1].ToString());
        Assert.Equal(Mnemonic.Jb, _protectedMode[mode + 2].Mnemonic);
        Assert.Equal(0xFEE0_0020u, _protectedMode[mode + 3].MemoryDisplacement32);
        Assert.Equal("shr eax,18h", _protectedMode[mode + 4].ToString());
        int extended = _protectedMode.IndexOf(instruction => instruction.IP == _protectedMode[mode + 2].NearBranchTarget);
        Assert.Equal("mov ecx,802h", _protectedMode[extended].ToString());
        Assert.Equal(Mnemonic.Rdmsr, _protectedMode[extended + 1].Mnemonic);
        Assert.Equal(_protectedMode[extended + 2].IP, _protectedMode[mode + 5].NearBranchTarget);
        Assert.Equal(Register.EAX, _protectedMode[extended + 2].Op0Register);
        AssertReads(nameof(ApStartParameters.ApicId), _protectedMode[extended + 2]);
        Assert.Equal(Mnemonic.Jne, _protectedMode[extended + 3].Mnemonic);
        AssertParks(_protectedMode[extended + 3].NearBranchTarget);
    }

    /// <summary>Case boot/5, <c>initial-apic-id-is-not-the-apic-id</c>: what CPUID says of the id is what firmware or an emulator made up, so nobody asks it.</summary>
    [Fact]
    public void IdOfCpuidIsNeverAskedFor() => Assert.DoesNotContain(All, instruction => instruction.Mnemonic == Mnemonic.Cpuid);

    [Fact]
    public void OnlyRunAndWaitUntilGoOn()
    {
        int mode = _protectedMode.IndexOf(instruction =>
            instruction.Writes(Register.EAX)
            && instruction.MemoryDisplacement64 == AddressOf(nameof(ApStartParameters.Mode)));
        Assert.Equal(["cmp eax,1", "cmp eax,3"], new[] { 1, 3 }.Select(step => _protectedMode[mode + step].ToString()));
        Assert.Equal([Mnemonic.Je, Mnemonic.Je], new[] { 2, 4 }.Select(step => _protectedMode[mode + step].Mnemonic));
        Assert.Equal(_protectedMode[mode + 2].NearBranchTarget, _protectedMode[mode + 4].NearBranchTarget);
        AssertParks(_protectedMode[mode + 5].IP);
        Assert.Equal(_protectedMode[mode + 8].IP, _protectedMode[mode + 2].NearBranchTarget);
    }

    [Fact]
    public void WaitComparesTheTimeStampAndPauses()
    {
        int check = _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Cmp);
        AssertReads(nameof(ApStartParameters.Mode), _longMode[check]);
        Assert.Equal(3UL, _longMode[check].GetImmediate(1));
        Assert.Equal(Mnemonic.Jne, _longMode[check + 1].Mnemonic);
        Assert.Equal(
            [Mnemonic.Pause, Mnemonic.Rdtsc, Mnemonic.Shl, Mnemonic.Or, Mnemonic.Cmp, Mnemonic.Jb],
            _longMode.Skip(check + 2).Take(6).Select(instruction => instruction.Mnemonic));
        AssertReads(nameof(ApStartParameters.WaitUntilTsc), _longMode[check + 6]);
        Assert.Equal(8, _longMode[check + 6].MemorySize.GetSize());
        Assert.Equal(_longMode[check + 2].IP, _longMode[check + 7].NearBranchTarget);
        Assert.Equal(_longMode[check + 8].IP, _longMode[check + 1].NearBranchTarget);
    }

    [Fact]
    public void EndsInTheImageWithTablesAndTimeStamp()
    {
        Assert.Equal("jmp rax", _longMode[^1].ToString());
        Assert.Equal(_image["x64_enter_instance"], _longMode[^2].GetImmediate(1));
        Assert.Equal(Register.RDI, _longMode[^3].Op0Register);
        AssertReads(nameof(ApStartParameters.InstanceTables), _longMode[^3]);
    }

    [Fact]
    public void FloatingPointStateIsReset()
    {
        Assert.Equal(Mnemonic.Fninit, _longMode[0].Mnemonic);
        Assert.Equal(Mnemonic.Ldmxcsr, _longMode[1].Mnemonic);
        int offset = (int)(_longMode[1].MemoryDisplacement64 - Page);
        Assert.Equal(0x1F80u, BinaryPrimitives.ReadUInt32LittleEndian(_page.AsSpan(offset)));
    }

    [Fact]
    public void DescriptorsAreFlatAndAccessed()
    {
        ReadOnlySpan<byte> pointer = _page.AsSpan(ApStartCode.DescriptorTablePointerOffset);
        int table = (int)(BinaryPrimitives.ReadUInt32LittleEndian(pointer[2..]) - Page);
        Assert.Equal(31, BinaryPrimitives.ReadUInt16LittleEndian(pointer));
        // Null; 64-bit code; data; 32-bit code: Intel SDM Vol. 3A, "Segment Descriptors".
        ulong[] expected = [0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00CF_9B00_0000_FFFF];
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], BinaryPrimitives.ReadUInt64LittleEndian(_page.AsSpan(table + (index * 8))));
        }
    }

    private IReadOnlyList<Instruction> Part(int start, int end, int bitness) =>
        Decoded.WithoutPadding(_page[start..end], Page + (ulong)start, bitness);

    private static ulong AddressOf(string field) => Page + 0xF00 + (ulong)Marshal.OffsetOf<ApStartParameters>(field);

    private static void AssertReads(string field, Instruction instruction) =>
        Assert.Equal(AddressOf(field), instruction.MemoryDisplacement64);

    private void AssertParks(ulong address) =>
        Assert.True(_protectedMode.ParksAt(_protectedMode.IndexOf(instruction => instruction.IP == address)));

    private static bool WritesEither(Instruction instruction, Register first, Register second)
    {
        InstructionInfoFactory factory = new();
        return factory.GetInfo(instruction).GetUsedRegisters().Any(used =>
            (used.Register.GetFullRegister() == first || used.Register.GetFullRegister() == second)
            && used.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite);
    }
}
