using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>How a core reaches its local APIC.</summary>
public enum ApicMode : uint
{
    /// <summary>Not looked at yet.</summary>
    Unknown,

    /// <summary>Registers in an uncached page; 8-bit identifiers.</summary>
    XApic,

    /// <summary>Registers as MSRs; 32-bit identifiers.</summary>
    X2Apic,
}

/// <summary>The local APIC of the running core: timer, end of interrupt, interrupts to other cores.</summary>
/// <remarks>
/// Holds only the mode, so that it can lie in the state block. Source: Intel SDM Vol. 3A, "Advanced Programmable
/// Interrupt Controller (APIC)", "Local APIC Register Address Map" and "Extended XAPIC (x2APIC)".
/// </remarks>
public struct LocalApic
{
    /// <summary>Physical address that the registers have after reset.</summary>
    public const ulong PhysicalBase = 0xFEE0_0000;

    private const uint Id = 0x20;
    private const uint Version = 0x30;
    private const uint TaskPriority = 0x80;
    private const uint EndOfInterruptRegister = 0xB0;
    private const uint SpuriousInterrupt = 0xF0;
    private const uint InService = 0x100;
    private const uint LvtCorrectedMachineCheck = 0x2F0;
    private const uint InterruptCommandLow = 0x300;
    private const uint InterruptCommandHigh = 0x310;
    private const uint LvtTimer = 0x320;
    private const uint LvtThermal = 0x330;
    private const uint LvtPerformance = 0x340;
    private const uint LvtLint0 = 0x350;
    private const uint LvtLint1 = 0x360;
    private const uint LvtError = 0x370;
    private const uint TimerInitialCount = 0x380;
    private const uint TimerCurrentCount = 0x390;
    private const uint TimerDivide = 0x3E0;

    private const uint LvtMasked = 1u << 16;
    private const uint LvtDeliverNmi = 4u << 8;
    private const uint DivideByOne = 0b1011;
    private const uint SoftwareEnable = 1u << 8;
    private const uint DeliveryPending = 1u << 12;

    // Tens of milliseconds at the least. An APIC that has not taken an interrupt by then never will, and a lost doorbell
    // would let another core sleep for ever: the instance ends, where everybody sees it. One that is dying tells the next.
    private const int DeliveryLooksMax = 1_000_000;

    // The number of the last entry of the local vector table, which says which of the later ones there are.
    private const int LvtLastShift = 16;
    private const uint LvtLastWithPerformance = 4;
    private const uint LvtLastWithThermal = 5;
    private const uint LvtLastWithCorrectedMachineCheck = 6;

    private const int Vectors = 256;
    private const int VectorsPerRegister = 32;
    private const uint RegisterBytes = 0x10;

    private const ulong ApicBaseFlags = 0xFFF;
    private const ulong ApicBaseEnable = 1UL << 11;
    private const ulong ApicBaseX2Apic = 1UL << 10;

    private ApicMode _mode;

    /// <summary>How the registers are reached.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public readonly ApicMode Mode => _mode;

    /// <summary>Turns the APIC on, at its usual address: x2APIC where the CPU has it. All sources of its own masked but LINT1, which delivers NMI;
    /// every priority let through; nothing in service.</summary>
    /// <remarks>
    /// Nothing is taken over from whoever ran before: a task priority or an interrupt in service that a loader has left holds the timer and the
    /// doorbell back for ever. LINT0 is where the legacy interrupt controller comes in: firmware leaves it open, and its first tick would be taken
    /// for a double fault. What waits to be delivered cannot be taken back; it comes with the first halt, and is a stray.
    /// </remarks>
    public static LocalApic Enable()
    {
        // CPUID.01H:ECX[21] says x2APIC.
        bool hasX2Apic = (Cpu.Cpuid(1, 0).Ecx & (1u << 21)) != 0;
        ulong baseRegister = (Msr.Read(Msr.IA32_APIC_BASE) & ApicBaseFlags) | PhysicalBase | ApicBaseEnable;
        Msr.Write(Msr.IA32_APIC_BASE, baseRegister);
        if (hasX2Apic)
        {
            Msr.Write(Msr.IA32_APIC_BASE, baseRegister | ApicBaseX2Apic);
        }

        LocalApic apic = default;
        apic._mode = hasX2Apic ? ApicMode.X2Apic : ApicMode.XApic;
        apic.Write(SpuriousInterrupt, SoftwareEnable | InterruptVector.Spurious);
        apic.Write(LvtTimer, LvtMasked);
        apic.Write(LvtLint0, LvtMasked);
        apic.Write(LvtLint1, LvtDeliverNmi);
        apic.Write(LvtError, LvtMasked);
        apic.MaskLaterSources();
        apic.Write(TimerInitialCount, 0);
        apic.Write(TimerDivide, DivideByOne);
        apic.EndAll();
        apic.Write(TaskPriority, 0);
        return apic;
    }

    // What not every APIC has; writing to an entry that is not there is an error.
    private readonly void MaskLaterSources()
    {
        uint last = (Read(Version) >> LvtLastShift) & 0xFF;
        if (last >= LvtLastWithPerformance)
        {
            Write(LvtPerformance, LvtMasked);
        }

        if (last >= LvtLastWithThermal)
        {
            Write(LvtThermal, LvtMasked);
        }

        if (last >= LvtLastWithCorrectedMachineCheck)
        {
            Write(LvtCorrectedMachineCheck, LvtMasked);
        }
    }

    // Each end takes the highest vector out of service; there are at most as many as vectors.
    private readonly void EndAll()
    {
        for (int vector = 0; vector < Vectors && HasInService(); vector++)
        {
            EndOfInterrupt();
        }
    }

    private readonly bool HasInService()
    {
        uint any = 0;
        for (uint register = 0; register < Vectors / VectorsPerRegister; register++)
        {
            any |= Read(InService + (register * RegisterBytes));
        }

        return any != 0;
    }

    /// <summary>Identifier of the running core.</summary>
    public readonly ApicId ReadId()
    {
        uint value = Read(Id);
        return new ApicId(_mode == ApicMode.X2Apic ? value : value >> 24);
    }

    /// <summary>Highest identifier that an interrupt can be sent to. The next one means all cores.</summary>
    public readonly ApicId HighestId => new(_mode == ApicMode.X2Apic ? 0xFFFF_FFFE : 0xFE);

    /// <summary>Ends the interrupt in service.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public readonly void EndOfInterrupt() => Write(EndOfInterruptRegister, 0);

    /// <summary>Whether an interrupt with this vector came through the APIC and waits for its end.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public readonly bool IsInService(byte vector) =>
        (Read(InService + ((uint)vector / VectorsPerRegister * RegisterBytes)) & (1u << (vector % VectorsPerRegister))) != 0;

    /// <summary>Arms the one-shot timer. 0 disarms it.</summary>
    /// <param name="ticks">Ticks of the APIC timer, divided by one.</param>
    public readonly void ArmTimer(uint ticks)
    {
        Write(LvtTimer, _mode == ApicMode.X2Apic ? InterruptVector.X2ApicTimer : InterruptVector.Timer);
        Write(TimerInitialCount, ticks);
    }

    /// <summary>Ticks left of the one-shot timer.</summary>
    [Advances]
    public readonly uint TimerRemaining() => Read(TimerCurrentCount);

    /// <summary>Sends a fixed interrupt.</summary>
    public readonly void SendInterrupt(ApicId target, byte vector) => Send(target, (uint)IpiDelivery.Fixed | LevelAssert | vector);

    /// <summary>Wakes a core. Carries no data; the data is already in a ring.</summary>
    public readonly void SendDoorbell(ApicId target)
    {
        if (!TrySendDoorbell(target))
        {
            Panic.Halt();
        }
    }

    /// <summary>As <see cref="SendDoorbell"/>, for whoever must go on when this core's APIC does not.</summary>
    /// <returns>False when the APIC never said that it has delivered.</returns>
    [InterruptSafe, NoPanic, NoBlock]
    [MustUse]
    public readonly bool TrySendDoorbell(ApicId target) => TrySend(
        target,
        (uint)IpiDelivery.Fixed | LevelAssert | (_mode == ApicMode.X2Apic ? InterruptVector.X2ApicDoorbell : InterruptVector.Doorbell));

    /// <summary>Sends a non-maskable interrupt.</summary>
    public readonly void SendNmi(ApicId target) => Send(target, (uint)IpiDelivery.Nmi | LevelAssert);

    /// <summary>Resets the core into waiting for a start-up interrupt: stops whatever runs there.</summary>
    public readonly void SendInit(ApicId target) => Send(target, (uint)IpiDelivery.Init | LevelAssert);

    /// <summary>Starts a core that waits for it.</summary>
    /// <param name="target">The core.</param>
    /// <param name="page">Physical page below 1 MiB that it begins in.</param>
    public readonly void SendStartup(ApicId target, ulong page) =>
        Send(target, (uint)IpiDelivery.Startup | LevelAssert | (uint)(page / ImageLayout.PageSizeBytes));

    private const uint LevelAssert = 1u << 14;

    // A call: of these interrupts few are sent.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Send(ApicId target, uint command)
    {
        if (!TrySend(target, command))
        {
            Panic.Halt();
        }
    }

    [InterruptSafe, NoPanic, NoBlock]
    private readonly bool TrySend(ApicId target, uint command)
    {
        if (_mode == ApicMode.X2Apic)
        {
            // The fence that "MSR Access in x2APIC Mode" asks for before an interrupt that announces stores.
            CoherentMemory.Fence();
            System.Runtime.Intrinsics.X86.Sse2.LoadFence();
            Msr.Write(Msr.IA32_X2APIC_BASE + (InterruptCommandLow / 16), ((ulong)target.Value << 32) | command);
            return true;
        }

        Write(InterruptCommandHigh, target.Value << 24);
        Write(InterruptCommandLow, command);
        return AwaitDelivery();
    }

    // Apart, so that a send is small wherever it is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    [InterruptSafe, NoPanic, NoBlock]
    private readonly bool AwaitDelivery()
    {
        for (int look = 0; look < DeliveryLooksMax; look++)
        {
            if ((Read(InterruptCommandLow) & DeliveryPending) == 0)
            {
                return true;
            }

            Cpu.Pause();
        }

        return false;
    }

    [InterruptSafe, NoPanic, NoBlock]
    private readonly uint Read(uint register) => _mode == ApicMode.X2Apic
        ? (uint)Msr.Read(Msr.IA32_X2APIC_BASE + (register / 16))
        : Mmio.Read32(ImageLayout.LocalApicPage + register);

    [InterruptSafe, NoPanic, NoBlock]
    private readonly void Write(uint register, uint value)
    {
        if (_mode == ApicMode.X2Apic)
        {
            Msr.Write(Msr.IA32_X2APIC_BASE + (register / 16), value);
        }
        else
        {
            Mmio.Write32(ImageLayout.LocalApicPage + register, value);
        }
    }

    private enum IpiDelivery : uint
    {
        Fixed = 0,
        Nmi = 4 << 8,
        Init = 5 << 8,
        Startup = 6 << 8,
    }
}

/// <summary>Hardware identifier of a core. Not the core number: firmware may leave gaps.</summary>
[InterruptSafe, NoPanic, NoBlock]
public readonly struct ApicId(uint value)
{
    /// <summary>Raw identifier: 8 bits in xAPIC mode, 32 in x2APIC mode.</summary>
    public readonly uint Value = value;
}
