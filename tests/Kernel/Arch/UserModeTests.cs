using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Kernel.Tests.Arch;

/// <summary>What has to be in which register so that SYSCALL and SYSRET lead where they should.</summary>
/// <remarks>Sources: Intel SDM Vol. 2B, "SYSCALL" and "SYSRET"; Vol. 4, "Model-Specific Registers".</remarks>
public sealed class UserModeTests
{
    private const ulong EferAtEntry = 0xD00; // LME, LMA, NXE.

    [Fact]
    public void Enable_SetsEveryRegister()
    {
        Machine machine = new() { SyscallEntry = 0xFFFF_FFFF_8020_4560 };
        using IDisposable scope = machine.Use();

        UserMode.Enable();

        Assert.Equal(EferAtEntry | 1, machine.Registers[0xC000_0080]);
        Assert.Equal(0xFFFF_FFFF_8020_4560, machine.Registers[0xC000_0082]);
        Assert.Equal(0UL, machine.Registers[0x174]);
    }

    /// <summary>
    /// SYSCALL: CS from STAR[47:32], SS 8 above. SYSRET to 64-bit code: CS 16 above STAR[63:48], SS 8 above, both with RPL 3.
    /// The descriptors behind them are checked in the linker's tests of the GDT.
    /// </summary>
    [Fact]
    public void Star_LeadsToTheSelectorsOfTheGdt()
    {
        Machine machine = new();
        using IDisposable scope = machine.Use();

        UserMode.Enable();

        ulong star = machine.Registers[0xC000_0081];
        Assert.Equal((0x08UL, 0x10UL), ((star >> 32) & 0xFFFF, ((star >> 32) & 0xFFFF) + 8));
        Assert.Equal((ulong)ImageLayout.UserCodeSelector, (star >> 48) + 16);
        Assert.Equal((ulong)ImageLayout.UserDataSelector, (star >> 48) + 8);
        Assert.Equal((0x28, 0x20), (ImageLayout.UserCodeSelector, ImageLayout.UserDataSelector));
    }

    /// <summary>Intel SDM Vol. 1, "EFLAGS Register": every flag by its bit; 1, 3, 5, 15 are reserved.</summary>
    [Theory]
    [InlineData("CF", 0)]
    [InlineData("PF", 2)]
    [InlineData("AF", 4)]
    [InlineData("ZF", 6)]
    [InlineData("SF", 7)]
    [InlineData("TF", 8)]
    [InlineData("IF", 9)]
    [InlineData("DF", 10)]
    [InlineData("OF", 11)]
    [InlineData("IOPL low", 12)]
    [InlineData("IOPL high", 13)]
    [InlineData("NT", 14)]
    [InlineData("RF", 16)]
    [InlineData("VM", 17)]
    [InlineData("AC", 18)]
    [InlineData("VIF", 19)]
    [InlineData("VIP", 20)]
    [InlineData("ID", 21)]
    public void Fmask_ClearsEveryFlag(string flag, int bit)
    {
        Machine machine = new();
        using IDisposable scope = machine.Use();

        UserMode.Enable();

        Assert.True((machine.Registers[0xC000_0084] >> bit & 1) == 1, flag);
    }

    [Fact]
    public void Resume_GoesToTheStub()
    {
        Machine machine = new();
        using IDisposable scope = machine.Use();

        UserMode.Resume(0xFFFF_FF80_0020_0400);

        Assert.Equal(0xFFFF_FF80_0020_0400, machine.Resumed);
    }

    [Fact]
    public void SetLocalBase_IsKnownToTheTrampolines()
    {
        Machine machine = new();
        using IDisposable scope = machine.Use();
        EntryState entry = default;

        UserMode.SetLocalBase(ref entry, 0x7000_1000);

        Assert.Equal((0x7000_1000UL, 0x7000_1000UL), (machine.Registers[0xC000_0100], entry.LoadedFsBase));
    }

    /// <summary>WRMSR of an address that is not canonical faults in ring 0 (Intel SDM Vol. 2B, "WRMSR").</summary>
    [Theory]
    [InlineData(0x0000_8000_0000_0000UL)]
    [InlineData(0xFFFF_FFFF_8020_0000UL)]
    public void SetLocalBase_OfTheKernelsAddresses_IsABug(ulong address)
    {
        Machine machine = new();
        using IDisposable scope = machine.Use();
        EntryState entry = default;

        Assert.Throws<CheckFailedException>(() => UserMode.SetLocalBase(ref entry, address));
        Assert.DoesNotContain(0xC000_0100u, machine.Registers.Keys);
    }

    private sealed class Machine : SimulatedMachine
    {
        public Dictionary<uint, ulong> Registers { get; } = new() { [0xC000_0080] = EferAtEntry };

        public ulong Resumed { get; private set; }

        public override ulong ReadMsr(uint register) => Registers[register];

        public override void WriteMsr(uint register, ulong value) => Registers[register] = value;

        public override void Resume(ulong exitWord) => Resumed = exitWord;
    }
}
