using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Provision;
using Atoll.Trap;

namespace Atoll.Kernel.Tests.Trap;

/// <summary>What each of the 256 vectors means.</summary>
public sealed class TrapHandlerTests : IDisposable
{
    private readonly SimulatedInstance _instance = new(core: 3);

    public void Dispose() => _instance.Dispose();

    /// <summary>
    /// Vectors 0 to 31 are exceptions (Intel SDM Vol. 3A, "Exception and Interrupt Vectors"); 0x20 is a failed check.
    /// </summary>
    [Fact]
    public void ExceptionsAndFailedChecks_KillTheInstance()
    {
        for (ulong vector = 0; vector <= 0x20; vector++)
        {
            using var instance = new SimulatedInstance();
            int ends = instance.Core.LocalApic.EndsOfInterrupt;

            Assert.Throws<ParkedException>(() => instance.RunOnCore(() => Trap(instance, vector)));

            Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Panicked), instance.Status.Life);
            Assert.Equal(vector, instance.Crash.Frame.Vector);
            Assert.Equal(ends, instance.Core.LocalApic.EndsOfInterrupt);
        }
    }

    /// <summary>
    /// From 16 on an interrupt can be sent with any vector ("Valid Interrupt Vectors"); in service, it is no exception and no failed check.
    /// </summary>
    [Fact]
    public void InterruptWithTheVectorOfAnException_IsAStray()
    {
        ulong count = 0;
        foreach (byte vector in Enumerable.Range(16, 17).Where(vector => vector is not (17 or 21 or 29 or 30)).Select(vector => (byte)vector))
        {
            int ends = _instance.Core.LocalApic.EndsOfInterrupt;
            _instance.Core.LocalApic.InService.Add(vector);
            _instance.RunOnCore(() => Trap(_instance, vector));

            Assert.Equal((++count, (ulong)vector), (_instance.Status.StrayCount, _instance.Status.StrayVector));
            Assert.Equal(ends + 1, _instance.Core.LocalApic.EndsOfInterrupt);
            Assert.Empty(_instance.Core.LocalApic.InService);
        }

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), _instance.Status.Life);
    }

    /// <summary>Below 16 nothing comes through the APIC; the entries of 17, 21, 29 and 30 count on an error code that an interrupt does not bring.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(21)]
    [InlineData(29)]
    [InlineData(30)]
    public void VectorThatCannotBeReturnedFrom_KillsTheInstance(byte vector)
    {
        _instance.Core.LocalApic.InService.Add(vector);

        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, vector)));
    }

    /// <summary>Before the APIC is on it is not asked.</summary>
    [Fact]
    public void ExceptionInEarlyBoot_IsNoStray()
    {
        _instance.State.Apic = default;
        _instance.Core.LocalApic.InService.Add(18);

        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, 18)));
    }

    /// <summary>
    /// Case boot/2, <c>interrupt-with-vector-ff</c>:
    /// an interrupt that was sent with the spurious vector is in service, and holds back all others until it is ended.
    /// </summary>
    [Fact]
    public void RealInterruptWithTheSpuriousVector_IsEndedAndCounted()
    {
        int ends = _instance.Core.LocalApic.EndsOfInterrupt;
        _instance.Core.LocalApic.InService.Add(0xFF);
        _instance.RunOnCore(() => Trap(_instance, 0xFF));

        Assert.Equal(ends + 1, _instance.Core.LocalApic.EndsOfInterrupt);
        Assert.Equal((1UL, 0xFFUL), (_instance.Status.StrayCount, _instance.Status.StrayVector));
    }

    /// <summary>Timer and doorbell, in either mode of the APIC: they wake, and say nothing.</summary>
    [Theory]
    [InlineData(0x30)]
    [InlineData(0x31)]
    [InlineData(0xF0)]
    [InlineData(0xF1)]
    public void WakeOnlyVectors_AreEndedAndForgotten(byte vector)
    {
        int ends = _instance.Core.LocalApic.EndsOfInterrupt;
        _instance.RunOnCore(() => Trap(_instance, vector));

        Assert.Equal(ends + 1, _instance.Core.LocalApic.EndsOfInterrupt);
        Assert.Equal(0UL, _instance.Status.StrayCount);
    }

    /// <summary>
    /// "The handler for the spurious vector should return without an EOI" (Intel SDM Vol. 3A, "Spurious Interrupt").
    /// </summary>
    [Fact]
    public void Spurious_HasNoEndOfInterrupt()
    {
        int ends = _instance.Core.LocalApic.EndsOfInterrupt;
        _instance.RunOnCore(() => Trap(_instance, 0xFF));

        Assert.Equal(ends, _instance.Core.LocalApic.EndsOfInterrupt);
        Assert.Equal(0UL, _instance.Status.StrayCount);
    }

    /// <summary>An end of interrupt for a vector that is not in service would end another one.</summary>
    [Fact]
    public void EveryOtherVector_IsCounted_AndEndedOnlyWhenInService()
    {
        ulong count = 0;
        foreach (int vector in Enumerable.Range(0x21, 0xFF - 0x21).Where(vector => vector is not (0x30 or 0x31 or (>= 0x40 and <= 0x5F) or 0xF0 or 0xF1)))
        {
            int ends = _instance.Core.LocalApic.EndsOfInterrupt;
            _instance.Core.LocalApic.InService.Clear();
            _instance.RunOnCore(() => Trap(_instance, (ulong)vector));
            Assert.Equal(ends, _instance.Core.LocalApic.EndsOfInterrupt);

            _instance.Core.LocalApic.InService.Add((byte)vector);
            _instance.RunOnCore(() => Trap(_instance, (ulong)vector));
            Assert.Equal(ends + 1, _instance.Core.LocalApic.EndsOfInterrupt);

            count += 2;
            Assert.Equal((count, (ulong)vector), (_instance.Status.StrayCount, _instance.Status.StrayVector));
        }

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), _instance.Status.Life);
    }

    /// <summary>An interrupt of a device waits for the event loop; one that the APIC does not know of is a stray.</summary>
    [Fact]
    public void DeviceVector_IsMarked_AndEnded_WhenInService()
    {
        foreach (int vector in Enumerable.Range(0x40, 0x20))
        {
            _instance.Core.LocalApic.InService.Clear();
            _instance.RunOnCore(() => Trap(_instance, (ulong)vector));
            Assert.False(_instance.State.Kernel.Interrupts.HasRaised);
            Assert.Equal((ulong)vector - 0x3F, _instance.Status.StrayCount);
        }

        int ends = _instance.Core.LocalApic.EndsOfInterrupt;
        _instance.Core.LocalApic.InService.Add(0x45);
        _instance.RunOnCore(() => Trap(_instance, 0x45));
        Assert.Equal(ends + 1, _instance.Core.LocalApic.EndsOfInterrupt);
        Assert.Equal(1UL << 5, _instance.State.Kernel.Interrupts.TakeRaised());
        Assert.Equal(0x20ul, _instance.Status.StrayCount);
    }

    /// <summary>A fault while the crash page is written parks at once and leaves the first record alone.</summary>
    [Fact]
    public void FaultInAPanic_ParksAtOnce()
    {
        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, 14)));
        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, 13)));

        Assert.Equal(14UL, _instance.Crash.Frame.Vector);
    }

    /// <summary>A member writes its crash page and its status page; the console is the coordinator's.</summary>
    [Fact]
    public void Member_DiesSilently()
    {
        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, 6)));

        Assert.Equal("", _instance.Core.Uart.Text);
        Assert.Null(_instance.Core.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Coordinator_ReportsItsOwnDeath_AndEndsTheRunOnlyWithoutADeputy(bool hasDeputy)
    {
        _instance.State.Role = InstanceRole.Coordinator;
        _instance.State.HasDeputy = hasDeputy;

        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Trap(_instance, 6)));

        Assert.Contains(_instance.Core.Uart.Lines, line =>
            line.StartsWith("@panic core=3 reason=invalid-opcode ", StringComparison.Ordinal));
        Assert.Equal(hasDeputy ? null : (byte?)0x11, _instance.Core.ExitCode);
        Assert.Equal(!hasDeputy,
            _instance.Core.Uart.Text.EndsWith("@verdict result=fail reason=panic\n", StringComparison.Ordinal));
    }

    private static void Trap(SimulatedInstance instance, ulong vector)
    {
        TrapFrame frame = new() { Vector = vector, Rip = SampleImage.VirtualBase + 0x10 };
        TrapHandler.Handle(ref instance.State, in frame);
    }
}
