using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>Where kernel code finds the physical memory of its own instance.</summary>
public static class PhysicalWindow
{
    /// <summary>Address of physical 0. On the host it is 0: there an address is itself.</summary>
    public const ulong Base = ObjectWindow.Base;
}
