using Atoll.Abi;
using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Arch;

/// <summary>The APIC driver against a strict model, in both modes.</summary>
/// <remarks>Numbers: Intel SDM Vol. 3A, "Local APIC Register Address Map", "Interrupt Command Register (ICR)", "Local Vector Table".</remarks>
public sealed class LocalApicTests
{
    private const uint EndOfInterrupt = 0xB0;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enable_SetsEveryRegister(bool x2Apic)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();

        LocalApic apic = LocalApic.Enable();

        Assert.Equal(x2Apic ? ApicMode.X2Apic : ApicMode.XApic, apic.Mode);
        Assert.Equal(x2Apic, core.LocalApic.IsExtended);
        Assert.Equal(
            [
                (0xF0u, 0x1FFul),     // Spurious: enabled, vector 0xFF.
                (0x320u, 0x1_0000ul), // Timer: masked.
                (0x350u, 0x1_0000ul), // LINT0: masked.
                (0x360u, 0x400ul),    // LINT1: NMI.
                (0x370u, 0x1_0000ul), // Error: masked.
                (0x340u, 0x1_0000ul), // Performance counters: masked.
                (0x330u, 0x1_0000ul), // Thermal sensor: masked.
                (0x380u, 0ul),        // Timer: not running.
                (0x3E0u, 0xBul),      // Divide by 1.
                (0x80u, 0ul),         // Task priority: everything comes through.
            ],
            core.LocalApic.Writes);
    }

    /// <summary>"Local Vector Table": the number of the last entry says which there are; a write to another is an error.</summary>
    [Theory]
    [InlineData(3u, new uint[0])]
    [InlineData(4u, new[] { 0x340u })]
    [InlineData(5u, new[] { 0x340u, 0x330u })]
    [InlineData(6u, new[] { 0x340u, 0x330u, 0x2F0u })]
    public void Enable_MasksTheSourcesThatThereAre(uint last, uint[] registers)
    {
        SimulatedCore core = Core(x2Apic: false);
        core.LocalApic.SetRegister(0x30, 0x14 | (last << 16));
        using IDisposable scope = core.Use();

        LocalApic.Enable();

        Assert.Equal(
            registers,
            core.LocalApic.Writes.Where(write => write.Offset is 0x340 or 0x330 or 0x2F0 && write.Value == 0x1_0000).Select(write => write.Offset));
    }

    /// <summary>A loader's task priority and its interrupts in service would hold the timer back for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enable_LetsEverythingThrough_WhateverWasLeft(bool x2Apic)
    {
        SimulatedCore core = Core(x2Apic);
        core.LocalApic.SetRegister(0x80, 0xFF);
        core.LocalApic.InService.UnionWith([0x10, 0x20, 0x3F, 0x80, 0xFF]);
        using IDisposable scope = core.Use();

        LocalApic.Enable();

        Assert.Equal(0u, core.LocalApic.Register(0x80));
        Assert.Empty(core.LocalApic.InService);
    }

    [Fact]
    public void Enable_PutsTheRegistersWhereTheTablesMapThem()
    {
        SimulatedCore core = Core(x2Apic: false);
        core.LocalApic.Base = 0xFED0_0900;
        using IDisposable scope = core.Use();

        LocalApic.Enable();

        Assert.Equal(0xFEE0_0900UL, core.LocalApic.Base);
    }

    /// <summary>Disabled straight to x2APIC is #GP ("x2APIC State Transitions"): the driver goes through xAPIC mode.</summary>
    [Fact]
    public void Enable_WhenFirmwareLeftItOff()
    {
        SimulatedCore core = Core(x2Apic: true);
        core.LocalApic.Base = 0xFEE0_0100;
        using IDisposable scope = core.Use();

        Assert.Equal(ApicMode.X2Apic, LocalApic.Enable().Mode);
        Assert.Equal(0xFEE0_0D00UL, core.LocalApic.Base);
    }

    [Fact]
    public void Enable_WhenFirmwareLeftItInX2ApicMode()
    {
        SimulatedCore core = Core(x2Apic: true);
        core.LocalApic.Base = 0xFEE0_0D00;
        using IDisposable scope = core.Use();

        Assert.Equal(ApicMode.X2Apic, LocalApic.Enable().Mode);
    }

    [Theory]
    [InlineData(false, 0xFEu)]
    [InlineData(true, 0x1234_5678u)]
    public void ReadId_HasTheWidthOfTheMode(bool x2Apic, uint id)
    {
        SimulatedCore core = Core(x2Apic, id);
        using IDisposable scope = core.Use();

        Assert.Equal(id, LocalApic.Enable().ReadId().Value);
    }

    /// <summary>
    /// 0xFF and 0xFFFFFFFF are broadcasts: Intel SDM Vol. 3A, "Determining IPI Destination". A core of that id can only be
    /// left alone.
    /// </summary>
    [Theory]
    [InlineData(false, 0xFEu)]
    [InlineData(true, 0xFFFF_FFFEu)]
    public void HighestId_IsTheLastThatIsNoBroadcast(bool x2Apic, uint highest)
    {
        using IDisposable scope = Core(x2Apic).Use();

        Assert.Equal(highest, LocalApic.Enable().HighestId.Value);
    }

    [Theory]
    [InlineData(false, 0x2Au)]
    [InlineData(true, 0x0001_0203u)]
    public void InterruptsToOthers_AreEncodedAsInTheManual(bool x2Apic, uint target)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();

        apic.SendInit(new ApicId(target));
        apic.SendStartup(new ApicId(target), 0x8000);
        apic.SendStartup(new ApicId(target), 0xF_F000);
        apic.SendNmi(new ApicId(target));
        apic.SendInterrupt(new ApicId(target), 0x77);

        // Delivery mode in bits 10:8, level (bit 14) set for all but INIT level de-assert, physical destination, edge.
        Assert.Equal(
            [(target, 0x4500u), (target, 0x4608u), (target, 0x46FFu), (target, 0x4400u), (target, 0x4077u)],
            core.LocalApic.Sent);
    }

    /// <summary>The destination goes into bits 63:56, and must be there before the low half sends.</summary>
    [Fact]
    public void XApic_WritesTheHighHalfFirst()
    {
        SimulatedCore core = Core(x2Apic: false);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();
        core.LocalApic.Writes.Clear();

        apic.SendInit(new ApicId(5));

        Assert.Equal([(0x310u, 0x0500_0000ul), (0x300u, 0x4500ul)], core.LocalApic.Writes);
    }

    [Fact]
    public void X2Apic_SendsWithOneWrite()
    {
        SimulatedCore core = Core(x2Apic: true);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();
        core.LocalApic.Writes.Clear();

        apic.SendStartup(new ApicId(0xABCD), 0x8000);

        Assert.Equal([(0x300u, 0x0000_ABCD_0000_4608ul)], core.LocalApic.Writes);
    }

    /// <summary>The model refuses a command while the one before is pending.</summary>
    [Fact]
    public void XApic_WaitsUntilTheInterruptIsDelivered()
    {
        SimulatedCore core = Core(x2Apic: false);
        core.LocalApic.PendingLooks = 100;
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();

        apic.SendInit(new ApicId(1));
        apic.SendStartup(new ApicId(1), 0x8000);

        Assert.Equal(2, core.LocalApic.Sent.Count);
    }

    [Fact]
    public void XApic_ThatNeverDelivers_EndsTheInstance()
    {
        SimulatedCore core = Core(x2Apic: false);
        core.LocalApic.PendingLooks = int.MaxValue;
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();

        Assert.Throws<CheckFailedException>(() => apic.SendInit(new ApicId(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Timer_IsOneShotAtItsVector(bool x2Apic)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();
        core.LocalApic.Writes.Clear();

        apic.ArmTimer(123_456);
        core.LocalApic.SetRegister(0x390, 77);

        // The vector table entry first: an initial count starts the timer at once. Bits 18:17 zero: one-shot.
        Assert.Equal([(0x320u, x2Apic ? 0x31ul : 0x30ul), (0x380u, 123_456ul)], core.LocalApic.Writes);
        Assert.Equal(77u, apic.TimerRemaining());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IsInService_LooksAtTheRightBit(bool x2Apic)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();

        for (int vector = 16; vector < 256; vector++)
        {
            core.LocalApic.InService.Clear();
            core.LocalApic.InService.Add((byte)vector);
            for (int asked = 16; asked < 256; asked++)
            {
                Assert.Equal(asked == vector, apic.IsInService((byte)asked));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EndOfInterrupt_WritesZero(bool x2Apic)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();
        core.LocalApic.Writes.Clear();

        apic.EndOfInterrupt();

        Assert.Equal([(EndOfInterrupt, 0ul)], core.LocalApic.Writes);
    }

    /// <summary>Fixed delivery, edge, asserted, physical destination (Intel SDM Vol. 3A, "Interrupt Command Register (ICR)").</summary>
    [Theory]
    [InlineData(false, 0x40F0u)]
    [InlineData(true, 0x40F1u)]
    public void Doorbell_IsAFixedInterruptAtItsVector(bool x2Apic, uint command)
    {
        SimulatedCore core = Core(x2Apic);
        using IDisposable scope = core.Use();
        LocalApic apic = LocalApic.Enable();

        apic.SendDoorbell(new ApicId(9));

        Assert.Equal([(9u, command)], core.LocalApic.Sent);
    }

    /// <summary>Vectors 0 to 31 are the CPU's; the low four bits of the spurious vector are hardwired ones on old parts.</summary>
    [Fact]
    public void Vectors_AreOutsideTheExceptions_AndApart()
    {
        byte[] vectors =
        [
            InterruptVector.CheckFailed, InterruptVector.Timer, InterruptVector.X2ApicTimer, InterruptVector.Doorbell,
            InterruptVector.X2ApicDoorbell, InterruptVector.Spurious,
        ];

        Assert.All(vectors, vector => Assert.True(vector >= 32));
        Assert.Equal(vectors.Length, vectors.Distinct().Count());
        Assert.Equal(0xF, InterruptVector.Spurious & 0xF);
    }

    private static SimulatedCore Core(bool x2Apic, uint id = 0)
    {
        var core = new SimulatedCore { LocalApic = new ApicModel { Id = id } };
        if (x2Apic)
        {
            core.OfferX2Apic();
        }

        return core;
    }
}
