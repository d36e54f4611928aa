namespace Atoll.Arch;

/// <summary>The end of an instance that found itself wrong.</summary>
[InterruptSafe, NoBlock]
public static class Panic
{
    /// <summary>Raises the trap whose handler records the death and parks the core. Never returns.</summary>
    public static void Halt()
    {
        Stubs.CheckFailed();
        while (true)
        {
            Cpu.Pause();
        }
    }
}
