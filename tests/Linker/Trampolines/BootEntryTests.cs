using Atoll.Linker.Trampolines;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>The way from the boot loader to <c>atoll_boot_main</c>, by docs/image.md, "Entries".</summary>
public class BootEntryTests
{
    private readonly TrampolineImage _image = new();
    private readonly IReadOnlyList<Instruction> _pvh;
    private readonly IReadOnlyList<Instruction> _longMode;
    private readonly IReadOnlyList<Instruction> _report;

    public BootEntryTests()
    {
        _pvh = Decoded.Of(_image, PvhEntry.Symbol, bitness: 32);
        _longMode = Decoded.Of(_image, BootLongModeEntry.Symbol);
        _report = Decoded.Of(_image, MissingFeatureReport.Symbol, bitness: 32);
    }

    [Fact]
    public void TimeStampIsReadFirst() => Assert.Equal(Mnemonic.Rdtsc, _pvh[0].Mnemonic);

    [Fact]
    public void LongModeIsTurnedOnInTheOrderOfTheManual()
    {
        // Intel SDM Vol. 3A, "Initializing IA-32e Mode": PAE, CR3, EFER.LME, CR0.PG.
        int cr4 = _pvh.IndexOf(instruction => instruction.Writes(Register.CR4));
        int cr3 = _pvh.IndexOf(instruction => instruction.Writes(Register.CR3));
        int efer = _pvh.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Wrmsr);
        int cr0 = _pvh.IndexOf(instruction => instruction.Writes(Register.CR0));

        Assert.Equal([cr4, cr3, efer, cr0], new[] { cr4, cr3, efer, cr0 }.Order());
        Assert.Equal(0x620u, _pvh.ConstantIn(Register.EAX, cr4)); // PAE, OSFXSR, OSXMMEXCPT
        Assert.Equal(_image["boot_pml4"], _pvh.ConstantIn(Register.EAX, cr3));
        Assert.Equal(0xC000_0080u, _pvh.ConstantIn(Register.ECX, efer));
        Assert.Equal(0x900u, _pvh.ConstantIn(Register.EAX, efer)); // LME, NXE
        Assert.Equal(0x8001_0033u, _pvh.ConstantIn(Register.EAX, cr0)); // PG, WP, NE, ET, MP, PE
    }

    /// <summary>A loader's DF, NT and IF: an interrupt before there is a table, a string instruction that runs backwards, an IRET that faults.</summary>
    [Fact]
    public void FlagsOfTheLoaderAreForgotten()
    {
        Assert.Equal(Mnemonic.Cli, _pvh[1].Mnemonic);
        int flags = _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Popfq);
        Assert.Equal(2UL, _longMode[flags - 1].GetImmediate(0));
        Assert.InRange(flags, 0, _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Call));
    }

    [Fact]
    public void FarJumpIsTheLastStepTo64BitCode()
    {
        Assert.Equal(Mnemonic.Lgdt, _pvh[^2].Mnemonic);
        Assert.Equal(_image["boot_gdt_pointer"], _pvh[^2].MemoryDisplacement64);
        Assert.Equal(Code.Jmp_ptr1632, _pvh[^1].Code);
        Assert.Equal(0x08, _pvh[^1].FarBranchSelector);
        Assert.Equal(_image["boot_long_mode_entry"], _pvh[^1].FarBranch32);
    }

    [Fact]
    public void StartInfoAndTimeStampSurviveTheFeatureCheck()
    {
        // Pushed in front of it, popped behind it in the opposite order; CPUID overwrites EAX, EBX, ECX and EDX.
        int firstCpuid = _pvh.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Cpuid);
        Assert.Equal(
            [Register.EDX, Register.EAX, Register.EBX],
            RegistersOf(_pvh.Take(firstCpuid), Mnemonic.Push));
        Assert.Equal(
            [Register.EBX, Register.ESI, Register.EDI],
            RegistersOf(_pvh, Mnemonic.Pop));
    }

    [Fact]
    public void EveryRowIsCheckedAndAMissingOneReported()
    {
        Instruction end = Assert.Single(_pvh, instruction =>
            instruction.Mnemonic == Mnemonic.Cmp && instruction.Op0Register == Register.EBP);
        Assert.Equal(_image["cpu_feature_table"] + 320, end.GetImmediate(1));
        Assert.Single(_pvh, instruction =>
            instruction.Mnemonic == Mnemonic.Jmp && instruction.NearBranchTarget == _image["missing_feature_report"]);
    }

    [Fact]
    public void StackIsTheTopOfTheBootStack() =>
        Assert.Equal(
            _image["boot_stack"] + 0x2000,
            _pvh.Single(instruction => instruction.Writes(Register.ESP)).GetImmediate(1));

    [Fact]
    public void ProcessorStateIsThatOfAnInstance()
    {
        Mnemonic[] order =
        [
            Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Ltr, Mnemonic.Fninit, Mnemonic.Ldmxcsr, Mnemonic.Call, Mnemonic.Ud2,
        ];
        Assert.Equal(order, _longMode.Select(instruction => instruction.Mnemonic).Where(order.Contains));

        int mxcsr = _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Ldmxcsr);
        Assert.Equal(0x1F80UL, _longMode[mxcsr - 1].GetImmediate(0));
        int task = _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Ltr);
        Assert.Equal(0x30u, _longMode.ConstantIn(Register.EAX, task));
    }

    [Fact]
    public void BootMainIsCalledOnTheEmptyStackWithStartInfoAndTimeStamp()
    {
        int call = _longMode.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Call);
        Assert.Equal(Register.RAX, _longMode[call].Op0Register);
        Assert.Equal(Register.RAX, _longMode[call - 1].Op0Register);
        Assert.Equal(_image["atoll_boot_main"], _longMode[call - 1].GetImmediate(1));
        Instruction stack = Assert.Single(_longMode, instruction => instruction.Writes(Register.RSP));
        Assert.Equal(0xFFFF_FFFF_8030_3000UL, stack.GetImmediate(1));
        Assert.Equal(
            ["shl rdi,20h", "mov esi,esi", "or rsi,rdi", "mov edi,ebx", "xor ebp,ebp"],
            _longMode.Text(call - 6, 5));
    }

    [Fact]
    public void ReportInitialisesThePortTo115200Baud8N1()
    {
        // PC16550D: DLAB, divisor 1, 8N1, FIFO enabled and cleared, DTR and RTS.
        Assert.Equal(
            [(0x3F9, 0), (0x3FB, 0x80), (0x3F8, 1), (0x3F9, 0), (0x3FB, 3), (0x3FA, 0xC7), (0x3FC, 3)],
            ConstantOutputs().Take(7));
    }

    [Fact]
    public void ReportEndsWithTheDebugExitAndHalts()
    {
        Assert.Equal((0xF4, 0x11), ConstantOutputs().Skip(7).First());
        int park = _report.IndexOf(Mnemonic.Cli);
        Assert.Equal(Mnemonic.Out, _report[park - 1].Mnemonic);
        Assert.True(_report.ParksAt(park));
    }

    private static IEnumerable<Register> RegistersOf(IEnumerable<Instruction> code, Mnemonic mnemonic) =>
        code.Where(instruction => instruction.Mnemonic == mnemonic).Select(instruction => instruction.Op0Register);

    /// <summary>Each OUT whose port and value are constants, in the order of the code.</summary>
    private IEnumerable<(int Port, int Value)> ConstantOutputs() =>
        from index in Enumerable.Range(2, _report.Count - 2)
        where _report[index].Mnemonic == Mnemonic.Out
            && _report[index - 1].Writes(Register.EAX) && _report[index - 1].Op1Kind == OpKind.Immediate32
        select ((int)_report[index - 2].GetImmediate(1), (int)_report[index - 1].GetImmediate(1));
}
