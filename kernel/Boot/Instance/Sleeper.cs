using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>Timed halts of the running core.</summary>
public static class Sleeper
{
    /// <summary>Halts until the time has passed or an interrupt comes, whichever is first.</summary>
    public static void Sleep(ref InstanceState state, ulong microseconds)
    {
        ulong before = Cpu.ReadTsc();
        state.Apic.ArmTimer(state.Clock.ApicTicks(microseconds));
        Cpu.SleepUntilInterrupt();
        state.SleptTsc += Cpu.ReadTsc() - before;
    }

    /// <summary>Halts until so many ticks of the APIC timer have passed, whatever interrupts come before.</summary>
    public static void SleepAllTicks(ref InstanceState state, uint apicTicks)
    {
        ulong before = Cpu.ReadTsc();
        state.Apic.ArmTimer(apicTicks);
        do
        {
            Cpu.SleepUntilInterrupt();
        }
        while (state.Apic.TimerRemaining() != 0);

        state.SleptTsc += Cpu.ReadTsc() - before;
    }
}
