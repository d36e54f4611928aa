using System.Globalization;
using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Multikernel;
using Atoll.Kernel.Tests.Provision;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>The coordinator's records, key by key and in their order, as docs/serial.md lists them.</summary>
public sealed class CoordinatorRecordTests
{
    private const ulong Hz = 1_000_000_000;

    /// <summary>Sizes are of the image: five pages of text, three of read-only data, two of data.</summary>
    [Fact]
    public void Image_HasBuildAndSizes()
    {
        ImageInfo image = SampleImage.Info();
        for (int index = 0; index < 20; index++)
        {
            image.BuildId[index] = (byte)(0xA0 + index);
        }

        Assert.Equal(
            "@image build=a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3 text=20480 readonly=12288 data=8192\n", Said(() => BootReport.Image(in image)));
    }

    [Fact]
    public void Clock_HasBothSpeeds()
    {
        Clock clock = default;
        (clock.TscHz, clock.ApicHz) = (3 * Hz, Hz);

        Assert.Equal("@clock tsc-hz=3000000000 apic-hz=1000000000\n", Said(() => BootReport.Clock(in clock)));
    }

    /// <summary>One line for each ring: the second lies behind the first.</summary>
    [Fact]
    public void Link_HasALineForEachRing() =>
        Assert.Equal(
            "@link producer=3 consumer=5 ring=0x7000\n@link producer=5 consumer=3 ring=0x8000\n", Said(() => BootReport.Link(3, 5, 0x7000)));

    [Fact]
    public void Memory_IsInBytes() => Assert.Equal("@memory usable=9000 free=8192\n", Said(() => BootReport.Memory(9000, freeFrames: 2)));

    [Fact]
    public void EndOfTheBoot_HasCounts() =>
        Assert.Equal("@boot-done instances=3 failed=1 instructions=77\n", Said(() => BootReport.Done(3, 1, 77)));

    [Fact]
    public void Phase_HasItsTime() => Assert.Matches("^@boot phase=started tsc=[0-9]+\n$", Said(() => BootReport.Phase("started"u8)));

    [Fact]
    public void Start_ThatFails_HasItsReason() =>
        Assert.Equal("@start-failed core=2 apic=4 reason=deadline\n", Said(() => BootReport.StartFailed(2, 4, "deadline"u8)));

    [Fact]
    public void Hang_HasLifeAndTurns() => Assert.Equal("@hang core=2 life=3 heartbeat=99\n", Said(() => InstanceReport.Hang(2, 3, 99)));

    [Fact]
    public void Stray_HasVectorAndCount() => Assert.Equal("@stray core=1 vector=33 count=2\n", Said(() => InstanceReport.Stray(1, 33, 2)));

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "0")]
    public void Death_HasWhetherItWasStopped(bool wasStopped, string stopped) =>
        Assert.Equal($"@death core=4 life=2 stopped={stopped}\n", Said(() => InstanceReport.Death(4, 2, wasStopped)));

    /// <summary>What a whole boot says, and in which order.</summary>
    [Fact]
    public void Boot_SaysEachPhaseOnce_InOrder()
    {
        using var machine = new SimulatedMultikernel(3, new Random(5), "workload=none end=pass");
        machine.Run();

        string[] records = [.. machine.Lines.Where(line => line.StartsWith('@')).Select(line => line.Split(' ')[0] switch
        {
            "@boot" => line.Split(' ')[1],
            var name => name,
        })];
        Assert.Equal(
            [
                "phase=instance", "@clock", "@instance", "@instance", "@link", "@link", "@instance", "@link", "@link", "@memory", "@boot-done",
                "phase=started", "phase=linked", "@pool",
            ],
            records.Where(record => record is not "@verdict" and not "@ring"));
        Assert.Equal("@verdict result=pass", machine.Lines.Last(line => line.StartsWith("@verdict", StringComparison.Ordinal)));
    }

    /// <summary>A run that is held says so once, and goes on.</summary>
    [Fact]
    public void RunThatIsHeld_SaysSoOnce()
    {
        using var machine = new SimulatedMultikernel(2, new Random(5), "workload=none end=hold");
        ulong? since = null;
        machine.RunUntil(() => machine.Lines.Contains("@hold") && machine.Now > (since ??= machine.Now) + Hz);

        Assert.Single(machine.Lines, "@hold");
        Assert.EndsWith("@hold\n", machine.Console, StringComparison.Ordinal);
        Assert.Null(machine.ExitCode);
    }

    /// <summary>What the coordinator says of itself on its status page, which a shell reads: how long its boot took, that it lives, and of how many cores the machine is.</summary>
    [Fact]
    public unsafe void StatusOfTheCoordinator_IsThatOfAHealthyInstance()
    {
        using var machine = new SimulatedMultikernel(3, new Random(5), "workload=none end=hold");
        machine.RunUntil(() => machine.Lines.Contains("@hold"));

        ref InstanceStatus status = ref machine.Members[0].State->Map.Status;
        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), status.Life);
        Assert.Equal(3ul, status.MachineCores);
        Assert.InRange(status.BootTicks, 1ul, machine.Now);
    }

    /// <summary>Ticks of the boot are those since the first instruction, which was not at zero.</summary>
    [Fact]
    public unsafe void BootTicks_CountFromTheFirstInstruction()
    {
        const ulong Entry = 600_000;
        using var machine = new SimulatedMultikernel(2, new Random(5), "workload=none end=pass");
        machine.Members[0].State->EntryTsc = Entry;
        machine.Run();

        string phase = machine.Lines.Single(line => line.StartsWith("@boot phase=instance ", StringComparison.Ordinal));
        ulong instance = ulong.Parse(phase.Split("tsc=")[1], CultureInfo.InvariantCulture);
        Assert.InRange(machine.Members[0].State->Map.Status.BootTicks, 1ul, instance - Entry);
    }

    /// <summary>
    /// What a coordinator turns on before others come up: machine checks (Intel SDM Vol. 3A, "Control Registers", CR4.MCE), its APIC.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void Coordinator_HasItsCoreInOrder(bool x2Apic)
    {
        using var machine = new SimulatedMultikernel(2, new Random(5), "workload=none end=pass", x2Apic);
        machine.Run();

        SimulatedMember first = machine.Members[0];
        Assert.NotEqual(0ul, first.Core.Cr4 & (1 << 6));
        Assert.Equal(x2Apic, first.Core.LocalApic.IsExtended);

        // "Spurious-Interrupt Vector Register": bit 8 enables the APIC by software.
        Assert.Equal(0x1FFu, first.Core.LocalApic.Register(0xF0));
        InstanceEntry own = machine.Coordinator.Instances[0];
        Assert.Equal(own.Plan.PageCount * ImageLayout.PageSizeBytes, own.Row.Bytes);
        Assert.True(first.State->Kernel.Members.ProvokesFaults, "the profile was not asked before programs may order");
    }

    /// <summary>Without a reference there is no time, and no boot: one line says why.</summary>
    [Fact]
    public void DeadIntervalTimer_EndsTheBoot()
    {
        using var machine = new SimulatedMultikernel(2, new Random(5), "workload=none end=pass");
        machine.Members[0].Core.IntervalTimer.IsDead = true;
        machine.Run();

        Assert.Contains("atoll: the interval timer (8254) does not run, so time cannot be measured", machine.Lines);
        Assert.Equal("@verdict result=fail reason=clock", machine.Lines[^1]);
    }

    private static string Said(Action report)
    {
        var core = new SimulatedCore();
        using IDisposable scope = core.Use();
        report();
        return core.Uart.Text;
    }
}
