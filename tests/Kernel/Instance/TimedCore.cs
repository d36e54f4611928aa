using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>A core whose time-stamp counter, APIC timer and 8254 run at frequencies of the test's choice.</summary>
internal sealed class TimedCore : SimulatedCore
{
    private const decimal ReferenceHz = 14_318_180m / 12;
    private decimal _now;
    private decimal _reference;

    /// <summary>Ticks of the time-stamp counter a second.</summary>
    public ulong TscHz { get; init; } = 1_000_000_000;

    /// <summary>Ticks of the APIC timer a second.</summary>
    public ulong ApicHz { get; init; } = 1_000_000_000;

    /// <summary>Moments, in seconds from the start, at which an interrupt that nobody asked for ends a halt.</summary>
    public Queue<decimal> Strays { get; } = new();

    /// <summary>Halts at the beginning in which the 8254 stands still.</summary>
    public int Standstill { get; init; }

    /// <summary>Halts so far.</summary>
    public int Halts { get; private set; }

    private decimal _armedAt;

    /// <inheritdoc/>
    public override void WriteMsr(uint register, ulong value)
    {
        base.WriteMsr(register, value);
        _armedAt = register == 0x838 ? _now : _armedAt;
    }

    /// <inheritdoc/>
    public override void WriteMmio(ulong address, uint value)
    {
        base.WriteMmio(address, value);
        _armedAt = (address & 0xFFF) == 0x380 ? _now : _armedAt;
    }

    /// <inheritdoc/>
    public override ulong ReadTsc() => (ulong)(_now * TscHz);

    /// <inheritdoc/>
    public override void SleepUntilInterrupt()
    {
        decimal began = _now;
        Halts++;
        decimal alarm = _armedAt + ((decimal)LocalApic.Register(0x380) / ApicHz);
        Assert.True(alarm > _now, "a halt that nothing ends");
        _now = Strays.TryPeek(out decimal stray) && stray < alarm ? Strays.Dequeue() : alarm;
        _reference += Halts > Standstill ? _now - began : 0;
        IntervalTimer.Ticks = (ulong)(_reference * ReferenceHz);
        LocalApic.SetRegister(0x390, (uint)((alarm - _now) * ApicHz));
    }
}
