using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Multikernel.Stores;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>A member's turn ended: it lets others run, or it sleeps. Unwinds to the scheduler.</summary>
internal sealed class YieldException : Exception;

/// <summary>
/// One core of a simulated machine: what it sends arrives at the others, its timer runs on the machine's time.
/// </summary>
internal sealed unsafe class MultikernelCore(SimulatedMultikernel machine) : SimulatedCore
{
    private const uint TimerInitialCount = 0x380;
    private const uint TimerCurrentCount = 0x390;

    /// <summary>What this core has stored and nobody else sees: always empty where memory has no store buffers.</summary>
    public StoreBuffer Stores { get; } = new();

    /// <summary>When the one-shot timer fires, or null.</summary>
    public ulong? Deadline { get; set; }

    /// <summary>
    /// Whether an interrupt waits to be taken. Wake-only interrupts carry nothing, so one bit tells all.
    /// </summary>
    public bool IsInterruptPending { get; set; }

    /// <summary>What a halt does.</summary>
    public Action Sleeping { get; set; } = () => { };

    /// <summary>Told of each instruction that the machine sees: whatever runs here can stop there.</summary>
    public Action Stepping { get; set; } = () => { };

    /// <summary>What an open interrupt window does.</summary>
    public Action Opening { get; set; } = () => { };

    /// <summary>What a store to a page table does.</summary>
    public Action<nint, ulong> Translating { get; set; } = (_, _) => { };

    /// <summary>The machine's time.</summary>
    public ulong Now => machine.Now;

    /// <summary>Whether the timer has fired or an interrupt has come.</summary>
    public bool MustWake => IsInterruptPending || Deadline <= machine.Now;

    /// <inheritdoc/>
    public override ulong ReadTsc()
    {
        Stepping();
        return machine.Now;
    }

    /// <inheritdoc/>
    /// <remarks>Stores become visible in order, and a doorbell is one: all before it are seen when it rings (Intel SDM Vol. 3A, "Memory Ordering").</remarks>
    public override void WriteMmio(ulong address, uint value)
    {
        Stepping();
        Stores.Drain();
        base.WriteMmio(address, value);
        Settle((uint)(address & 0xFFF), value);
    }

    /// <inheritdoc/>
    /// <remarks>The driver of the x2APIC, which is not compiled here, has its fence before the doorbell.</remarks>
    public override void WriteMsr(uint register, ulong value)
    {
        Stepping();
        Stores.Drain();
        base.WriteMsr(register, value);
        Settle((register - 0x800) * 16, value);
    }

    /// <inheritdoc/>
    public override byte ReadPort(ushort port)
    {
        AdvanceIntervalTimer();
        return base.ReadPort(port);
    }

    /// <inheritdoc/>
    public override void WritePort(ushort port, byte value)
    {
        AdvanceIntervalTimer();
        base.WritePort(port, value);
    }

    /// <inheritdoc/>
    public override void SleepUntilInterrupt()
    {
        Sleeping();
        LocalApic.SetRegister(TimerCurrentCount, Deadline is ulong deadline ? (uint)(deadline - machine.Now) : 0);
    }

    /// <inheritdoc/>
    public override void TakePendingInterrupts() => Opening();

    /// <inheritdoc/>
    public override void InvalidatePage(ulong virtualAddress)
    {
    }

    /// <inheritdoc/>
    public override void StoreTranslation(ulong* entry, ulong value)
    {
        Stepping();

        // The page is unmapped here at once; on a machine the INVLPG that follows waits for all stores (Intel SDM Vol. 3A, "Serializing Instructions").
        Stores.Drain();
        base.StoreTranslation(entry, value);
        Translating((nint)entry, value);
    }

    /// <summary>Takes what waits: the timer is one-shot, and what woke the core is forgotten.</summary>
    public void TakeInterrupts()
    {
        IsInterruptPending = false;
        Deadline = Deadline <= machine.Now ? null : Deadline;
    }

    // The 8254 runs at a twelfth of 14.31818 MHz, the machine's time in nanoseconds.
    private void AdvanceIntervalTimer() => IntervalTimer.Ticks = machine.Now * 14_318_180 / 12 / 1_000_000_000;

    private void Settle(uint register, ulong value)
    {
        if (register == TimerInitialCount)
        {
            Deadline = value == 0 ? null : machine.Now + value;
        }

        foreach ((uint destination, uint command) in LocalApic.Sent)
        {
            machine.Deliver(destination, command);
        }

        LocalApic.Sent.Clear();
        LocalApic.Writes.Clear();
    }
}
