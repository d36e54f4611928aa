using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Where messages meet receivers.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Endpoint)]
public readonly struct MessageEndpoint(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;
}
