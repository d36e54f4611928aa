using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>An instance as the message protocol sees it in its event loop: whom messages go to, how it halts.</summary>
/// <typeparam name="TDuty">What the instance does.</typeparam>
public readonly unsafe struct InstanceTurn<TDuty> : ISleeper<InstanceState>, ILinkReader<InstanceState, LinkEntry>
    where TDuty : IDuty
{
    // An emulator that counts instructions gives other cores no time without a PAUSE now and then.
    private const uint PauseEvery = 16;

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static uint LinkCount(ref readonly InstanceState state) => InstanceLinks.LinkCount(in state);

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static ref Link LinkAt(ref InstanceState state, uint position) => ref InstanceLinks.LinkAt(ref state, position);

    /// <inheritdoc/>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Ring(ref InstanceState state, ref readonly Link link) => InstanceLinks.Ring(ref state, in link);

    /// <inheritdoc/>
    public static ref WakeWord WakeOf(ref InstanceState state) => ref state.Wake;

    /// <inheritdoc/>
    public static ulong* WakeWordOf(ref readonly InstanceState state) => state.Map.Wake;

    /// <inheritdoc/>
    public static ref uint EmptyTurnsOf(ref InstanceState state) => ref state.EmptyTurns;

    /// <inheritdoc/>
    public static uint IdleTurns(ref readonly InstanceState state) => TDuty.IdleTurns(in state);

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
        ulong timer = TDuty.AwaitsRoom(in state) || state.OwesMessages
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
    public static int ReceiveBudget(ref readonly InstanceState state) => TDuty.ReceiveBudget(in state);

    /// <inheritdoc/>
    public static ref Link LinkOf(ref LinkEntry place) => ref place.Link;

    /// <inheritdoc/>
    public static void Deliver(ref InstanceState state, ref LinkEntry place, in LinkMessage message) =>
        LinkTurn.Dispatch<TDuty>(ref state, ref place, in message);

    /// <inheritdoc/>
    public static void Lose(ref InstanceState state, uint position, ref LinkEntry place) =>
        LinkTurn.Lose<TDuty>(ref state, position, ref place);
}
