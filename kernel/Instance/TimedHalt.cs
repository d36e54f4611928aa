using System.Runtime.CompilerServices;
using Atoll.Arch;

namespace Atoll.Instance;

/// <summary>Halts of the running core.</summary>
[Blocks]
public static class TimedHalt
{
    /// <summary>Halts until the time has passed or an interrupt comes, whichever is first.</summary>
    /// <remarks>The timer is disarmed afterwards: an idle instance has no ticks. A call: whoever waits has the time for one.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Sleep(ref InstanceState state, ulong microseconds)
    {
        state.Apic.ArmTimer(state.Clock.ApicTicks(microseconds));
        UntilInterrupt(ref state);
        Disarm(ref state);
    }

    /// <summary>Halts until so many ticks of the APIC timer have passed, however many interrupts come.</summary>
    public static void SleepAllTicks(ref InstanceState state, uint apicTicks)
    {
        state.Apic.ArmTimer(apicTicks);
        do
        {
            UntilInterrupt(ref state);
        }
        while (state.Apic.TimerRemaining() != 0);
        Disarm(ref state);
    }

    /// <summary>Halts until an interrupt comes.</summary>
    public static void UntilInterrupt(ref InstanceState state)
    {
        ulong before = Cpu.ReadTsc();
        Cpu.SleepUntilInterrupt();
        state.SleptTsc += Cpu.ReadTsc() - before;
    }

    private static void Disarm(ref InstanceState state)
    {
        state.Apic.ArmTimer(0);
        state.TimerAt = ulong.MaxValue;
    }
}
