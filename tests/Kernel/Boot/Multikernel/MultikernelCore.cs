using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>The time that all cores of a simulated machine share, in nanoseconds.</summary>
internal sealed class MachineTime
{
    /// <summary>Now.</summary>
    public ulong Now { get; set; } = 1_000_000;
}

/// <summary>A core that takes the interrupts it sends itself, and lets others run while it sleeps.</summary>
internal sealed class MultikernelCore(MachineTime time) : SimulatedCore
{
    private int _sentTaken;

    /// <summary>What the other cores do while this one sleeps.</summary>
    public Action Sleeping { get; set; } = () => { };

    /// <summary>What the entry of each vector calls.</summary>
    public Action<TrapFrame> Trapping { get; set; } = _ => { };

    /// <summary>Called when a translation is invalidated.</summary>
    public Action<ulong> Invalidating { get; set; } = _ => { };

    /// <inheritdoc/>
    public override void InvalidatePage(ulong virtualAddress) => Invalidating(virtualAddress);

    /// <inheritdoc/>
    public override ulong ReadTsc() => time.Now;

    /// <inheritdoc/>
    public override void SleepUntilInterrupt()
    {
        time.Now += 100_000;
        Sleeping();
    }

    /// <inheritdoc/>
    public override void TakePendingInterrupts()
    {
        for (; _sentTaken < LocalApic.Sent.Count; _sentTaken++)
        {
            (uint destination, uint command) = LocalApic.Sent[_sentTaken];
            if (destination == LocalApic.Id)
            {
                Take(command);
            }
        }
    }

    /// <inheritdoc/>
    public override void Trap(int vector) =>
        Trapping(new TrapFrame { Vector = (ulong)vector, Rip = SampleImage.VirtualBase + 0x40 });

    // Delivery mode in bits 10:8: 0 fixed, 4 NMI.
    private void Take(uint command)
    {
        bool isNmi = ((command >> 8) & 7) == 4;
        byte vector = isNmi ? (byte)TrapVector.Nmi : (byte)command;
        if (!isNmi)
        {
            LocalApic.InService.Add(vector);
        }

        Trap(vector);
    }
}
