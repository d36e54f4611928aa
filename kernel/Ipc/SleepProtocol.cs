using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>How an instance, or a program, rests between turns.</summary>
/// <inheritdoc cref="ILinkHolder{TState}"/>
public unsafe interface ISleeper<[AllowLinear] TState> : ILinkHolder<TState>
    where TState : struct
{
    /// <summary>What it last wrote to its wake word.</summary>
    static abstract ref WakeWord WakeOf(ref TState state);

    /// <summary>Its wake word.</summary>
    static abstract ulong* WakeWordOf(ref readonly TState state);

    /// <summary>Turns without work, in a row.</summary>
    static abstract ref uint EmptyTurnsOf(ref TState state);

    /// <summary>Empty turns before a sleep.</summary>
    static abstract uint IdleTurns(ref readonly TState state);

    /// <summary>Lets others run between two turns: takes the interrupts that are pending.</summary>
    static abstract void Breathe(ref TState state);

    /// <summary>Stops until a doorbell or the timer, even if the doorbell came a while ago: nothing may take it before.</summary>
    /// <remarks>
    /// A kernel: STI; HLT with its one-instruction shadow, then CLI. A program: Wait on its notification, whose bit is sticky.
    /// </remarks>
    /// <param name="state">The instance.</param>
    /// <param name="timerMicroseconds">As <see cref="SleepProtocol.Rest"/> was given it.</param>
    [Blocks]
    static abstract void Halt(ref TState state, ulong timerMicroseconds);
}

/// <summary>Between the turns of an event loop: the next turn at once, or a sleep in the order that <see cref="WakeWord"/> explains.</summary>
/// <remarks>Context: a kernel has its interrupts off, but for <see cref="ISleeper{TState}.Breathe"/> and the halt.</remarks>
public static unsafe class SleepProtocol
{
    /// <summary>Rests after a turn: not at all when there is more to do; else, after enough empty turns, a sleep.</summary>
    /// <remarks>
    /// Blocks: until a doorbell or the timer. The count of empty turns outlasts a sleep: one that ends without work, by the timer,
    /// is followed by the next after one turn.
    /// </remarks>
    /// <param name="state">The instance.</param>
    /// <param name="result">How the turn went. Something left to send is More, or else needs a timer: a slot that comes back rings nobody.</param>
    /// <param name="timerMicroseconds">When it has something to do by itself; what 0 means is up to the sleeper.</param>
    [Blocks]
    public static void Rest<TMemory, TSleeper, [AllowLinear] TState>(ref TState state, TurnResult result, ulong timerMicroseconds)
        where TMemory : ISharedMemory
        where TSleeper : ISleeper<TState>
        where TState : struct
    {
        ref uint emptyTurns = ref TSleeper.EmptyTurnsOf(ref state);
        emptyTurns = result == TurnResult.Idle ? emptyTurns + 1 : 0;
        if (result != TurnResult.More && emptyTurns >= TSleeper.IdleTurns(in state))
        {
            Sleep<TMemory, TSleeper, TState>(ref state, timerMicroseconds);
            return;
        }

        TSleeper.Breathe(ref state);
    }

    /// <summary>Whether any link has a message or a death: the second look. Changes nothing.</summary>
    [NoBlock]
    public static bool HasNews<TMemory, THolder, [AllowLinear] TState>(ref TState state)
        where TMemory : ISharedMemory
        where THolder : ILinkHolder<TState>
        where TState : struct
    {
        uint count = THolder.LinkCount(in state);
        for (uint position = 0; position < count; position++)
        {
            if (THolder.LinkAt(ref state, position).HasNews<TMemory>())
            {
                return true;
            }
        }

        return false;
    }

    // Inlined: a frame of its own would cost each sleep 22 instructions.
    [Blocks]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sleep<TMemory, TSleeper, [AllowLinear] TState>(ref TState state, ulong timerMicroseconds)
        where TMemory : ISharedMemory
        where TSleeper : ISleeper<TState>
        where TState : struct
    {
        ulong* word = TSleeper.WakeWordOf(in state);
        TSleeper.WakeOf(ref state).Announce<TMemory>(word);
        if (!HasNews<TMemory, TSleeper, TState>(ref state))
        {
            TSleeper.Halt(ref state, timerMicroseconds);
        }

        TSleeper.WakeOf(ref state).Withdraw<TMemory>(word);
    }
}
