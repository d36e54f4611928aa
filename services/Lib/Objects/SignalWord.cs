using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A word of pending bits.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Notification)]
public readonly struct SignalWord(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Signals the bits of the capability's badge.</summary>
    public SystemResult Signal() => Ipc.Signal(address);
}
