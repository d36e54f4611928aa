namespace Atoll.Arch;

/// <summary>Where kernel code finds the physical memory of its own instance: tests take a native block for it.</summary>
public static class PhysicalWindow
{
    /// <summary>Address of physical 0.</summary>
    public const ulong Base = 0;
}
