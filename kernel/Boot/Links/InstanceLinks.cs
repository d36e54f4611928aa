using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>An instance as the message protocol sees it: its links, its doorbells, its halt.</summary>
public readonly unsafe struct InstanceLinks : ISleeper<InstanceState>, ILinkReader<InstanceState, LinkEntry>, IDeathBell<InstanceState>
{
    // An emulator that counts instructions gives other cores no time without a PAUSE now and then.
    private const uint PauseEvery = 16;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static uint LinkCount(ref readonly InstanceState state) => state.LinkCount;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "Positions are below LinkCount, which never passes the table's capacity, so that the check in the map does not fail.")]
    public static ref Link LinkAt(ref InstanceState state, uint position) => ref state.Map.Link(position).Link;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Ring(ref InstanceState state, ref readonly Link link)
    {
        if (!state.Apic.TrySendDoorbell(new ApicId(link.PeerApicId)))
        {
            EndUnlessDying(in state);
        }

        StatusCounter.Add(ref state.Map.Status.DoorbellsRung, 1);
    }

    /// <inheritdoc/>
    public static ref WakeWord WakeOf(ref InstanceState state) => ref state.Wake;

    /// <inheritdoc/>
    public static ulong* WakeWordOf(ref readonly InstanceState state) => state.Map.Wake;

    /// <inheritdoc/>
    public static ref uint EmptyTurnsOf(ref InstanceState state) => ref state.EmptyTurns;

    /// <inheritdoc/>
    public static uint IdleTurns(ref readonly InstanceState state) => state.Workload.IdleTurns;

    /// <inheritdoc/>
    public static void Breathe(ref InstanceState state)
    {
        if (state.EmptyTurns % PauseEvery == PauseEvery - 1)
        {
            Cpu.Pause();
        }

        Cpu.TakePendingInterrupts();
    }

    /// <inheritdoc/>
    [Blocks]
    public static void Halt(ref InstanceState state, ulong timerMicroseconds)
    {
        // A slot that comes back rings nobody: whoever waits for one looks again by itself.
        ulong timer = state.Workload.IsBlocked || state.OwesMessages
            ? Limits.FullRingSleepMicroseconds
            : timerMicroseconds;
        StatusCounter.Add(ref state.Map.Status.Sleeps, 1);
        if (timer == EventLoop.NoTimer)
        {
            TimedHalt.UntilInterrupt(ref state);
        }
        else
        {
            TimedHalt.Sleep(ref state, timer);
        }

        Volatile.Write(ref state.Map.Status.SleptTicks, state.SleptTsc);
    }

    /// <inheritdoc/>
    public static int ReceiveBudget(ref readonly InstanceState state) => state.Workload.ReceiveBudget;

    /// <inheritdoc/>
    public static ref Link LinkOf(ref LinkEntry place) => ref place.Link;

    /// <inheritdoc/>
    public static void Deliver(ref InstanceState state, ref LinkEntry place, in LinkMessage message) =>
        LinkTurn.Dispatch(ref state, ref place, in message);

    /// <inheritdoc/>
    public static void Lose(ref InstanceState state, uint position, ref LinkEntry place) =>
        LinkTurn.Lose(ref state, position, ref place);

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static void RingLinked(ref InstanceState state, uint dead) => DeathNotice.RingPeers<InstanceLinks, InstanceState>(ref state);

    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "The check fails only while the instance is not dying: no panic begins in a panic.")]
    private static void EndUnlessDying(in InstanceState state) => Check.That(state.IsPanicking);
}
