using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>One interrupt.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.IrqHandler)]
public readonly struct InterruptLine(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Says which notification is signalled.</summary>
    public SystemResult SetNotification(ulong notification) => Operation.Do(address, (ulong)IrqHandlerOperation.SetNotification, notification);

    /// <summary>The device is served: the next interrupt may come.</summary>
    public SystemResult Acknowledge() => Operation.Do(address, (ulong)IrqHandlerOperation.Acknowledge);
}
