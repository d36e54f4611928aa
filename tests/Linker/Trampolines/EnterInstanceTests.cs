using Atoll.Linker.Trampolines;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>From any tables to an instance's own.</summary>
public class EnterInstanceTests
{
    private readonly TrampolineImage _image = new();
    private readonly IReadOnlyList<Instruction> _code;

    public EnterInstanceTests() => _code = Decoded.Of(_image, EnterInstance.Symbol);

    [Fact]
    public void TablesComeFirstAndTheStackNext()
    {
        Assert.Equal("mov cr3,rdi", _code[0].ToString());
        Assert.Equal(Register.RSP, _code[1].Op0Register);
        Assert.Equal(0xFFFF_FFFF_8030_3000UL, _code[1].GetImmediate(1));
    }

    [Fact]
    public void DescriptorTablesSegmentsAndTaskAreLoadedInOrder()
    {
        Mnemonic[] order = [Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Retf, Mnemonic.Ltr, Mnemonic.Call, Mnemonic.Ud2];
        Assert.Equal(order, _code.Select(instruction => instruction.Mnemonic).Where(order.Contains));
        Assert.Equal(_image["gdt_pointer"], _code.Only(Mnemonic.Lgdt).MemoryDisplacement64);
        Assert.Equal(_image["idt_pointer"], _code.Only(Mnemonic.Lidt).MemoryDisplacement64);
    }

    [Fact]
    public void FarReturnReloadsTheCodeSegmentAndGoesOnBehindItself()
    {
        int farReturn = _code.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Retf);
        Assert.Equal(0x08UL, _code[farReturn - 3].GetImmediate(0));
        Assert.Equal(_code[farReturn].NextIP, _code[farReturn - 2].MemoryDisplacement64);
        Assert.Equal(Mnemonic.Push, _code[farReturn - 1].Mnemonic);
        Assert.Equal(_code[farReturn - 2].Op0Register, _code[farReturn - 1].Op0Register);
    }

    [Theory]
    [InlineData(Register.DS, 0x10)]
    [InlineData(Register.ES, 0x10)]
    [InlineData(Register.SS, 0x10)]
    public void DataSegmentIsTheKernels(Register segment, uint selector)
    {
        int load = _code.IndexOf(instruction => instruction.Writes(segment));
        Assert.Equal(Register.EAX, _code[load].Op1Register);
        Assert.Equal(selector, _code.ConstantIn(Register.EAX, load));
    }

    [Theory]
    [InlineData(Register.FS)]
    [InlineData(Register.GS)]
    public void UnusedSegmentIsNull(Register segment)
    {
        int load = _code.IndexOf(instruction => instruction.Writes(segment));
        int zero = _code.IndexOf(instruction => instruction.ToString() == "xor eax,eax");
        Assert.Equal(Register.EAX, _code[load].Op1Register);
        Assert.True(zero < load);
        Assert.DoesNotContain(_code.Skip(zero + 1).Take(load - zero), instruction => instruction.Writes(Register.EAX));
    }

    [Fact]
    public void TaskRegisterGetsTheTaskState() =>
        Assert.Equal(0x30u, _code.ConstantIn(Register.EAX, _code.IndexOf(Mnemonic.Ltr)));

    /// <summary>
    /// Intel SDM Vol. 3A, "Processor State After Reset": LDTR is base 0, limit FFFFH. With a selector of 0 no selector
    /// with TI set can be loaded ("Segment Selectors").
    /// </summary>
    [Fact]
    public void ThereIsNoLocalDescriptorTable()
    {
        int load = _code.IndexOf(Mnemonic.Lldt);
        Assert.Equal(["xor eax,eax", "lldt ax"], _code.Text(load - 1, 2));
    }

    [Fact]
    public void InstanceMainIsCalledWithTheTimeStampOnTheEmptyStack()
    {
        int call = _code.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Call);
        Assert.Equal(_image["atoll_instance_main"], _code[call].NearBranchTarget);
        Assert.Equal(["mov rdi,rsi", "xor ebp,ebp"], _code.Text(call - 2, 2));
        // The pushes are undone by the far return, so RSP is StackTop: a multiple of 16 at the call.
        Assert.Equal(0, _code.Skip(2).Take(call - 2).Sum(instruction => instruction.StackPointerIncrement));
        Assert.Equal(Mnemonic.Ud2, _code[call + 1].Mnemonic);
    }

    [Fact]
    public void NothingElseOfTheProcessorIsChanged() =>
        Assert.DoesNotContain(_code, instruction =>
            instruction.Mnemonic is Mnemonic.Wrmsr or Mnemonic.Sti or Mnemonic.Hlt
            || instruction.Writes(Register.CR0) || instruction.Writes(Register.CR4));
}
