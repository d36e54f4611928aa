using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>Timed halts of the running core.</summary>
public static class Sleeper
{
    /// <summary>Halts until the time has passed or an interrupt comes, whichever is first.</summary>
    public static void Sleep(ref InstanceState state, ulong microseconds) =>
        SleepTicks(ref state, state.Clock.ApicTicks(microseconds));

    /// <summary>The same in ticks of the APIC timer.</summary>
    public static void SleepTicks(ref InstanceState state, uint apicTicks)
    {
        ulong before = Cpu.ReadTsc();
        state.Apic.ArmTimer(apicTicks);
        Cpu.SleepUntilInterrupt();
        state.SleptTsc += Cpu.ReadTsc() - before;
    }
}
