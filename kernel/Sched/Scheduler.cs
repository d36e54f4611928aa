using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Sched;

/// <summary>Who runs on this core, who could, and who waits for a time.</summary>
/// <remarks>
/// The first bytes are what the trampolines know (<see cref="EntryState"/>), so it stands first in the state block. The running thread is in no queue.
/// Times are TSC ticks. Nothing here reads a clock or sets a timer: the instance does, with <see cref="Budgets.NextEvent"/>.
/// </remarks>
[PerCore]
[NonCopyable]
public struct Scheduler
{
    /// <summary>What the trampolines read and write.</summary>
    public EntryState Entry;

    /// <summary>Who waits for a time.</summary>
    public DeadlineHeap Deadlines;

    /// <summary>Whose budget is being used; null: nobody's.</summary>
    public ObjectPointer<SchedulingContext> Charged;

    /// <summary>Since when.</summary>
    public ulong ChargedSince;

    /// <summary>Physical address of the level 4 table that is loaded.</summary>
    public ulong LoadedTables;

    /// <summary>The instance's own level 4 table, which has no user half.</summary>
    public ulong KernelTables;

    /// <summary>Whether another context is charged, or it is charged by other rules, since this was last set to false.</summary>
    public bool ChargeChanged;

    /// <summary>Whether a wait has ended that another instance is to hear of: of a thread that stands for one there, or for an answer from there.</summary>
    public bool HasForeignNews;

    /// <summary>Switches from one thread to another, those of the fast path not counted.</summary>
    public ulong Switches;

    // Where the trampolines put the registers of a thread that ended while it ran. Nobody reads them.
    private DiscardedRegisters _discarded;

    private bool _currentEnded;

    /// <summary>Who can run. Last, because it is large: what lies beyond 2 KiB of a state costs a check of its address each time.</summary>
    public ReadyQueues Ready;

    /// <summary>The running thread; null in the event loop, and after it has ended itself.</summary>
    public readonly ObjectPointer<Thread> Current => _currentEnded ? default : Thread.OfContext(Entry.Current);

    /// <summary>Whether the running thread has ended itself.</summary>
    public readonly bool CurrentHasEnded => _currentEnded;

    /// <summary>Whether <see cref="Budgets.NextEvent"/> may have another answer than when <see cref="TakeChanged"/> was last asked.</summary>
    public readonly bool HasChanged => ChargeChanged || Ready.HasChanged || Deadlines.HasChanged;

    /// <summary>Tells the same, and that it was told.</summary>
    public bool TakeChanged()
    {
        bool changed = HasChanged;
        ChargeChanged = false;
        Ready.HasChanged = false;
        Deadlines.HasChanged = false;
        return changed;
    }

    /// <summary>The running thread has ended: the way back to ring 3 must not write to what was its memory.</summary>
    [Trusted(Safety = "The trampolines store the registers that a system call keeps there: all of them lie in the first 192 bytes of a context.")]
    public unsafe void EndCurrent()
    {
        _currentEnded = true;
        fixed (DiscardedRegisters* registers = &_discarded)
        {
            Entry.Current = (ulong)registers;
        }
    }

    /// <summary>The kernel goes back to ring 3 or into the event loop: from then on somebody else is current, or nobody.</summary>
    internal void Leave() => _currentEnded = false;

    /// <summary>The part of a <see cref="ThreadContext"/> before the FXSAVE area.</summary>
    [InlineArray(ThreadContext.FpuOffset / sizeof(ulong))]
    private struct DiscardedRegisters
    {
        private ulong _register0;
    }
}
