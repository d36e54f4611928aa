using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Irq;
using Atoll.Remote;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>What an instance does for its programs: the first part of its state block, because the trampolines know where it begins.</summary>
[PerCore]
[NonCopyable]
public struct Microkernel
{
    /// <summary>Who runs. First: its first bytes are the trampolines'.</summary>
    public Scheduler Scheduler;

    /// <summary>What capabilities need besides the objects.</summary>
    public CapabilityState Capabilities;

    /// <summary>Interrupts of devices.</summary>
    public IrqTable Interrupts;

    /// <summary>Ends of channels.</summary>
    public ChannelTable Channels;

    /// <summary>Capabilities that cross to other instances.</summary>
    public RemoteState Remote;

    /// <summary>The machine's instances; only the coordinator's kernel tells of them.</summary>
    public MemberBoard Members;

    /// <summary>What it has counted.</summary>
    public KernelFigures Figures;

    /// <summary>TSC ticks a second.</summary>
    public ulong TscHz;

    /// <summary>Core number.</summary>
    public uint Core;

    /// <summary>APIC id of the core.</summary>
    public uint ApicId;

    /// <summary>Whether there is something to do or to tell about what crosses.</summary>
    public readonly bool HasRemoteWork => Remote.HasWork || Scheduler.HasForeignNews;

    /// <summary>Notes how long a stay in the kernel was, interrupts off: of all but those that do a few things and no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(ulong ticks)
    {
        if (ticks > Figures.LongestStretch)
        {
            Figures.LongestStretch = ticks;
        }
    }

    /// <summary>TSC ticks of a time in microseconds.</summary>
    /// <param name="microseconds">At most an hour: then nothing overflows with a TSC below 5 GHz.</param>
    public readonly ulong Ticks(ulong microseconds) => microseconds * (TscHz / 1_000_000);
}

/// <summary>What the kernel counts for those who look at it.</summary>
public struct KernelFigures
{
    /// <summary>System calls that took the long way.</summary>
    public ulong SystemCalls;

    /// <summary>Interrupts and exceptions from ring 3.</summary>
    public ulong Interrupts;

    /// <summary>Turns of the event loop.</summary>
    public ulong Turns;

    /// <summary>TSC ticks spent halted.</summary>
    public ulong SleptTicks;

    /// <summary>Most TSC ticks in the kernel, interrupts off: see <see cref="Microkernel.Note"/>.</summary>
    public ulong LongestStretch;
}
