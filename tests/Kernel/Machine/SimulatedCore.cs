using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>A core parked for ever: HLT with interrupts off.</summary>
internal sealed class ParkedException : Exception;

/// <summary>A core with its local APIC, the PC's serial port and interval timer, and a common time.</summary>
internal class SimulatedCore : SimulatedMachine
{
    /// <summary>The core's APIC.</summary>
    public ApicModel LocalApic { get; init; } = new();

    /// <summary>COM1, one for the machine.</summary>
    public UartModel Uart { get; init; } = new();

    /// <summary>The 8254.</summary>
    public IntervalTimerModel IntervalTimer { get; init; } = new();

    /// <summary>What CPUID answers, by leaf; other leaves read zero.</summary>
    public Dictionary<uint, CpuidResult> CpuidLeaves { get; } = [];

    /// <summary>Writes to other ports in order.</summary>
    public List<(ushort Port, byte Value)> PortWrites { get; } = [];

    /// <summary>Time-stamp counter.</summary>
    public ulong Tsc { get; set; }

    /// <summary>Ticks that each reading of the time-stamp counter takes.</summary>
    public ulong TscStep { get; set; }

    /// <summary>What was written to the debug-exit port, or null.</summary>
    public byte? ExitCode { get; private set; }

    /// <summary>Says through CPUID that there is an x2APIC.</summary>
    public void OfferX2Apic() => CpuidLeaves[1] = new CpuidResult { Ecx = 1u << 21 };

    /// <inheritdoc/>
    public override byte ReadPort(ushort port) =>
        UartModel.Owns(port) ? Uart.Read(port)
        : IntervalTimerModel.Owns(port) ? IntervalTimer.Read(port)
        : base.ReadPort(port);

    /// <inheritdoc/>
    public override void WritePort(ushort port, byte value)
    {
        if (UartModel.Owns(port))
        {
            Uart.Write(port, value);
        }
        else if (IntervalTimerModel.Owns(port))
        {
            IntervalTimer.Write(port, value);
        }
        else
        {
            PortWrites.Add((port, value));
            ExitCode = port == ImageLayout.DebugExitPort ? value : ExitCode;
        }
    }

    /// <inheritdoc/>
    public override ulong ReadMsr(uint register) => register == 0x1B ? LocalApic.Base : LocalApic.ReadMsr(register);

    /// <inheritdoc/>
    public override void WriteMsr(uint register, ulong value)
    {
        if (register == 0x1B)
        {
            LocalApic.WriteBase(value);
        }
        else
        {
            LocalApic.WriteMsr(register, value);
        }
    }

    /// <inheritdoc/>
    public override uint ReadMmio(ulong address) => LocalApic.ReadPage(RegisterOffset(address));

    /// <inheritdoc/>
    public override void WriteMmio(ulong address, uint value) => LocalApic.WritePage(RegisterOffset(address), value);

    /// <inheritdoc/>
    public override CpuidResult Cpuid(uint leaf, uint subleaf) => CpuidLeaves.GetValueOrDefault(leaf);

    /// <inheritdoc/>
    public override ulong ReadTsc() => Tsc += TscStep;

    /// <inheritdoc/>
    public override void Halt() => throw new ParkedException();

    private static uint RegisterOffset(ulong address)
    {
        ulong offset = address - ImageLayout.LocalApicPage;
        Assert.True(offset < 4096 && offset % 16 == 0, $"no APIC register at 0x{address:x}");
        return (uint)offset;
    }
}
