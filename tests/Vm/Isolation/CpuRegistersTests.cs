using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>Reads what QEMU 7.2 prints for <c>info registers -a</c>.</summary>
public sealed class CpuRegistersTests
{
    private const string Text = """

        CPU#0
        RAX=0000000000000000 RBX=0000000000000000 RCX=0000000000000000 RDX=0000000000060fb1
        CR0=80010033 CR2=0000000000000000 CR3=0000000000400000 CR4=00000620
        EFER=0000000000000d00

        CPU#1
        EAX=00000000 EBX=00000000 ECX=00000000 EDX=00060fb1
        CR0=60000010 CR2=00000000 CR3=00000000 CR4=00000000
        EFER=0000000000000000
        """;

    [Fact]
    public void EveryCpu_HasItsRegisters()
    {
        IReadOnlyList<CpuRegisters> cpus = CpuRegisters.Parse(Text);

        Assert.Equal([new(0, 0x8001_0033, 0x40_0000, 0xD00), new CpuRegisters(1, 0x6000_0010, 0, 0)], cpus);
    }

    [Theory]
    [InlineData(0x8001_0033UL, 0xD00UL, true)]
    [InlineData(0x8000_0033UL, 0xD00UL, false)]
    [InlineData(0x0001_0033UL, 0xD00UL, false)]
    [InlineData(0x8001_0033UL, 0x500UL, false)]
    public void Rights_AreEnforcedOnlyWithAllThreeBits(ulong cr0, ulong efer, bool enforced) =>
        Assert.Equal(enforced, new CpuRegisters(0, cr0, 0, efer).EnforcesRights);
}
