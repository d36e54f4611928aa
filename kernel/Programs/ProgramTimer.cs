using System.Runtime.CompilerServices;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Sched;

namespace Atoll.Programs;

/// <summary>The core's one-shot timer while a program runs: armed only for what is due, and only when that has changed.</summary>
public static class ProgramTimer
{
    /// <summary>No time.</summary>
    public const ulong Never = ulong.MaxValue;

    private const ulong MicrosecondsPerSecond = 1_000_000;
    private const uint Disarmed = 0;

    /// <summary>Arms the timer for the next event, or disarms it.</summary>
    public static void Arm(ref InstanceState state)
    {
        if (state.TimerIsStale || state.Kernel.Scheduler.HasChanged)
        {
            ArmAnew(ref state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ArmAnew(ref InstanceState state)
    {
        _ = state.Kernel.Scheduler.TakeChanged();
        state.TimerIsStale = false;
        ulong next = Budgets.NextEvent(ref state.Kernel.Scheduler);
        if (state.DutyAt < next)
        {
            next = state.DutyAt;
        }

        if (next == state.TimerAt)
        {
            return;
        }

        state.TimerAt = next;
        state.Apic.ArmTimer(next == Never ? Disarmed : state.Clock.ApicTicks(Microseconds(in state, next, Cpu.ReadTsc())));
    }

    /// <summary>Microseconds until a time, rounded up; at least one.</summary>
    public static ulong Microseconds(in InstanceState state, ulong until, ulong now)
    {
        ulong perMicrosecond = state.Clock.TscHz / MicrosecondsPerSecond;
        return until <= now || perMicrosecond == 0 ? 1 : ((until - now) / perMicrosecond) + 1;
    }
}
