using Atoll.TestVm.Machine;

namespace Atoll.Vm.Tests.Machine;

/// <summary>The command line is the one that was tried (docs/testing.md) and can be pasted.</summary>
public sealed class VmSettingsTests
{
    private static readonly VmSettings s_settings = new() { ImagePath = "artifacts/atoll.elf", Cores = 4 };

    [Fact]
    public void CommandLine_IsComplete() => Assert.Equal(
        "qemu-system-x86_64 -accel tcg,thread=multi -machine q35 -cpu max -smp 4 -m 64 -nodefaults -display none -no-reboot "
        + "-serial stdio -device isa-debug-exit,iobase=0xf4,iosize=0x04 -kernel artifacts/atoll.elf -append 'messages=5 end=pass'",
        (s_settings with { BootParameters = "messages=5 end=pass" }).CommandLine);

    [Fact]
    public void Icount_IsSingleThreadedAndHasAClockOfItsOwn()
    {
        string line = (s_settings with { Icount = true, Seed = 7 }).CommandLine;

        Assert.Contains("-accel tcg,thread=single ", line);
        Assert.Contains("-cpu max,-x2apic ", line);
        Assert.Contains("-icount shift=0,sleep=off ", line);
        Assert.Contains("-rtc base=2026-01-01,clock=vm", line);
        Assert.Contains("-seed 7", line);
    }

    [Fact]
    public void Module_IsHandedOver() => Assert.EndsWith(
        "-kernel artifacts/atoll.elf -initrd artifacts/systems/shell.bundle -append console=program",
        (s_settings with { ModulePath = "artifacts/systems/shell.bundle", BootParameters = "console=program" }).CommandLine);

    [Fact]
    public void Gdb_WaitsForTheDebugger()
    {
        Assert.EndsWith("-gdb tcp:127.0.0.1:1234 -S", (s_settings with { GdbAddress = "127.0.0.1:1234" }).CommandLine);
        Assert.EndsWith(
            "-gdb unix:/run/gdb,server=on,wait=off -S", (s_settings with { GdbAddress = "/run/gdb" }).CommandLine);
    }
}
