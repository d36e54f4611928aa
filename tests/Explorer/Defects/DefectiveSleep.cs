using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Defects;

/// <summary>A receiver whose look between announcement and halt sees nothing.</summary>
public sealed unsafe class WithoutSecondLook : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Load32"/>
    public static new uint Load32(uint* address) =>
        TsoMachine.Running.Acting.IsAwake ? ModelMemory.Load32(address) : 0;
}

/// <summary>A receiver that looks for deaths, but not between announcement and halt.</summary>
public sealed unsafe class LifeNotInSecondLook : DefectiveMemory, ISharedMemory
{
    // A receiver that sends nothing loads 8 bytes only as a slot's header, and no header in the second look.
    /// <inheritdoc cref="ISharedMemory.Load64"/>
    public static new ulong Load64(ulong* address) =>
        TsoMachine.Running.Acting.IsAwake ? ModelMemory.Load64(address) : LifeWords.Alive;
}

/// <summary>A receiver that believes a death though its last look at the ring was before it.</summary>
public sealed unsafe class RingNotLookedAtAfterLife : DefectiveMemory, ISharedMemory
{
    [ThreadStatic]
    private static ulong t_header;

    [ThreadStatic]
    private static bool t_hasHeader;

    [ThreadStatic]
    private static bool t_hasLife;

    /// <inheritdoc cref="ISharedMemory.Load32"/>
    public static new uint Load32(uint* address)
    {
        // The first look of a turn.
        t_hasHeader = false;
        t_hasLife = false;
        return ModelMemory.Load32(address);
    }

    /// <inheritdoc cref="ISharedMemory.Load64"/>
    public static new ulong Load64(ulong* address)
    {
        bool isHeader = (nuint)address % RingSlot.SizeBytes == RingPayload.SizeBytes;
        if (isHeader && t_hasHeader && t_hasLife)
        {
            return t_header;
        }

        ulong value = ModelMemory.Load64(address);
        t_header = isHeader ? value : t_header;
        t_hasHeader |= isHeader;
        t_hasLife |= !isHeader;
        return value;
    }
}

/// <summary>A receiver whose announcement reaches its own buffer only when it halts, together with the fence.</summary>
public sealed unsafe class AnnouncesAtTheHalt : DefectiveMemory, ISharedMemory
{
    [ThreadStatic]
    private static ulong* t_wake;

    [ThreadStatic]
    private static ulong t_value;

    /// <inheritdoc cref="ISharedMemory.Store64"/>
    public static new void Store64(ulong* address, ulong value)
    {
        if ((value & 1) == 0)
        {
            ModelMemory.Store64(address, value);
            return;
        }

        t_wake = address;
        t_value = value;
    }

    /// <inheritdoc cref="ISharedMemory.Fence"/>
    public static new void Fence()
    {
    }

    /// <summary>The halt of such a receiver.</summary>
    public sealed class Sleeper : ModelInstance, ISleeper<LoopState>
    {
        /// <inheritdoc cref="ISleeper{TState}.Halt"/>
        public static new void Halt(ref LoopState state, ulong timerMicroseconds)
        {
            ModelMemory.Store64(t_wake, t_value);
            ModelMemory.Fence();
            ModelInstance.Halt(ref state, timerMicroseconds);
        }
    }
}

/// <summary>A receiver whose interrupts are open when it announces a sleep, and off only from its halt on.</summary>
public sealed unsafe class InterruptsOpenUntilTheHalt : DefectiveMemory, ISharedMemory
{
    /// <inheritdoc cref="ISharedMemory.Store64"/>
    public static new void Store64(ulong* address, ulong value)
    {
        if ((value & 1) != 0)
        {
            TsoMachine.Running.OpenInterrupts();
        }
        else
        {
            TsoMachine.Running.CloseInterrupts();
        }

        ModelMemory.Store64(address, value);
    }

    /// <summary>The halt of such a receiver.</summary>
    public sealed class Sleeper : ModelInstance, ISleeper<LoopState>
    {
        /// <inheritdoc cref="ISleeper{TState}.Halt"/>
        public static new void Halt(ref LoopState state, ulong timerMicroseconds)
        {
            TsoMachine.Running.CloseInterrupts();
            ModelInstance.Halt(ref state, timerMicroseconds);
        }
    }
}

/// <summary>A halt that is none.</summary>
public sealed class WithoutHalt : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
    }
}

/// <summary>A halt that only a doorbell ends.</summary>
public sealed class WithoutTimer : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds) =>
        ModelInstance.Halt(ref state, timerMicroseconds: 0);
}

/// <summary>STI and HLT with an instruction between them: a doorbell may be taken before the halt.</summary>
public sealed class WindowBeforeTheHalt : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        TsoMachine.Running.OpenInterrupts();
        TsoMachine.Running.CloseInterrupts();
        ModelInstance.Halt(ref state, timerMicroseconds);
    }
}

/// <summary>A sleeper that deals with what comes in under its announcement, and halts all the same.</summary>
public class ServesBeforeTheHalt : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        while (Reception.Turn<ModelMemory, ModelInstance, LoopState, Link>(ref state, position: 0, ref state.Links[0]))
        {
        }

        ModelInstance.Halt(ref state, timerMicroseconds);
    }
}

/// <summary>The same with interrupts open for a moment before: the doorbell is taken early, its message is dealt with.</summary>
public sealed class ServesBeforeTheHaltAfterAWindow : ServesBeforeTheHalt, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        TsoMachine.Running.OpenInterrupts();
        TsoMachine.Running.CloseInterrupts();
        ServesBeforeTheHalt.Halt(ref state, timerMicroseconds);
    }
}

/// <summary>A program that forgets what has come when it is about to wait, not when it begins to look.</summary>
public sealed class ForgetsItsNotificationBeforeItWaits : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        // A step of its own: others go on between the look and this.
        ModelMemory.Fence();
        TsoMachine.Running.Note(waiter => waiter.IsNotified = false);
        ModelInstance.Halt(ref state, timerMicroseconds);
    }
}

/// <summary>One that was stopped or replaced: its first sleep has no look, and a doorbell from before is dropped.</summary>
public sealed class ResumesWithoutALook : ModelInstance, ISleeper<LoopState>
{
    private const ulong FirstSleep = 1;

    /// <inheritdoc cref="ILinkHolder{TState}.LinkCount"/>
    public static new uint LinkCount(ref readonly LoopState state) =>
        state.Phase == LoopPhase.Rest && state.Wake.Value == FirstSleep ? 0 : ModelInstance.LinkCount(in state);

    /// <inheritdoc cref="ISleeper{TState}.Halt"/>
    public static new void Halt(ref LoopState state, ulong timerMicroseconds)
    {
        if (state.Wake.Value == FirstSleep)
        {
            TsoMachine.Running.OpenInterrupts();
            TsoMachine.Running.CloseInterrupts();
        }

        ModelInstance.Halt(ref state, timerMicroseconds);
    }
}

/// <summary>One that, once woken, sleeps again only when something has come: it looks for ever instead.</summary>
public sealed class LooksUntilSomethingComes : ModelInstance, ISleeper<LoopState>
{
    /// <inheritdoc cref="ISleeper{TState}.IdleTurns"/>
    public static new uint IdleTurns(ref readonly LoopState state) =>
        state.Wake.Value != 0 ? uint.MaxValue : ModelInstance.IdleTurns(in state);
}
