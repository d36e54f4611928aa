using System.Diagnostics;
using Atoll.TestVm.Machine;

namespace Atoll.Vm.Tests.Machine;

/// <summary>A pass needs both the guest's word and its exit code; everything else is a failure of a known kind.</summary>
[Collection(Processes.Collection)]
public sealed class VmMachineTests
{
    [Fact]
    public void VerdictAndExitCode_Pass()
    {
        VmOutcome outcome = Run("echo hello; echo '@verdict result=pass'; exit 33");

        Assert.True(outcome.Passed);
        Assert.Equal(["hello", "@verdict result=pass"], outcome.Lines);
    }

    [Theory]
    [InlineData("exit 33", VmExit.Passed)]
    [InlineData("echo '@verdict result=fail reason=memory'; exit 33", VmExit.Passed)]
    [InlineData("echo '@verdict result=pass'; echo '@verdict result=pass'; exit 33", VmExit.Passed)]
    [InlineData("echo '@verdict result=pass'; exit 0", VmExit.Reset)]
    [InlineData("echo '@verdict result=pass'; exit 35", VmExit.Failed)]
    [InlineData("echo '@verdict result=pass'; exit 1", VmExit.Unknown)]
    [InlineData("echo '@verdict result=pass'; exit 32", VmExit.Unknown)]
    [InlineData("echo 'qemu-system-x86_64: terminating on signal 15 from pid 1 (x)' >&2; exit 0", VmExit.Signalled)]
    [InlineData("kill -KILL $$", VmExit.Signalled)]
    public void OneWithoutTheOther_IsNoPass(string script, VmExit exit)
    {
        VmOutcome outcome = Run(script);

        Assert.False(outcome.Passed);
        Assert.Equal(exit, outcome.Exit);
    }

    [Fact]
    public void FailureWithItsReason_IsTold()
    {
        VmOutcome outcome = Run("echo '@verdict result=fail reason=memory'; exit 35");

        Assert.True(outcome.FailedFor("memory"));
        Assert.False(outcome.FailedFor("start"));
        Assert.False(Run("echo '@verdict result=fail reason=memory'; exit 0").FailedFor("memory"));
    }

    [Fact]
    public void GuestThatHangs_IsKilledAtItsLimit()
    {
        long start = Stopwatch.GetTimestamp();
        VmOutcome outcome = Run("echo up; exec sleep 60", TimeSpan.FromSeconds(1));

        Assert.Equal(VmExit.TimedOut, outcome.Exit);
        Assert.Equal(["up"], outcome.Lines);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Keys_ReachTheGuest()
    {
        using var emulator = new FakeEmulator("echo @hold; read key; echo got $key; exit 33");
        using VmMachine machine = VmMachine.Start(Settings(emulator));
        Assert.NotNull(machine.Serial.WaitFor("hold", TimeSpan.FromSeconds(30)));

        machine.Send("q\n");

        Assert.Equal("got q", machine.WaitForEnd().Lines[^1]);
    }

    [Fact]
    public void Stop_EndsTheGuest()
    {
        using var emulator = new FakeEmulator("echo @hold; exec sleep 60");
        using VmMachine machine = VmMachine.Start(Settings(emulator));
        Assert.NotNull(machine.Serial.WaitFor("hold", TimeSpan.FromSeconds(30)));

        machine.Stop();

        Assert.Equal(VmExit.Stopped, machine.WaitForEnd().Exit);
    }

    [Fact]
    public void WhatQemuSays_IsKept() => Assert.Equal("no such machine", Run("echo no such machine >&2; exit 1").EmulatorErrors);

    [Fact]
    public void MissingEmulator_IsSaidSo()
    {
        var settings = new VmSettings { ImagePath = "x", Emulator = "/no/such/qemu" };

        Assert.Contains("/no/such/qemu", Assert.Throws<VmException>(() => VmMachine.Run(settings)).Message);
    }

    private static VmOutcome Run(string script, TimeSpan? limit = null)
    {
        using var emulator = new FakeEmulator(script);
        return VmMachine.Run(Settings(emulator) with { TimeLimit = limit ?? TimeSpan.FromSeconds(30) });
    }

    private static VmSettings Settings(FakeEmulator emulator) => new() { ImagePath = "x", Emulator = emulator.Path };
}
