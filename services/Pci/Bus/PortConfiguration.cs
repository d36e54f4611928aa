using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>Configuration space through two ports: every PC has them.</summary>
/// <remarks>Source: PCI Local Bus Specification 3.0, "Software Generation of Configuration Transactions".</remarks>
/// <param name="slot">Slot of the ports.</param>
/// <param name="addressPort">The first of them: address; data follows.</param>
public readonly struct PortConfiguration(uint slot, ushort addressPort) : IConfigurationSpace
{
    private const uint Enable = 1u << 31;
    private const int PlaceShift = 8;
    private const ushort DataDistance = 4;
    private const uint NothingThere = 0xFFFF_FFFF;

    /// <inheritdoc/>
    public uint Read(FunctionPlace place, uint offset) =>
        Select(place, offset) && new PortRange(slot).Read32((ushort)(addressPort + DataDistance), out uint value) == SystemResult.Ok ? value : NothingThere;

    /// <inheritdoc/>
    public void Write(FunctionPlace place, uint offset, uint value)
    {
        if (Select(place, offset))
        {
            _ = new PortRange(slot).Write32((ushort)(addressPort + DataDistance), value);
        }
    }

    private bool Select(FunctionPlace place, uint offset) =>
        new PortRange(slot).Write32(addressPort, Enable | ((uint)place.Raw << PlaceShift) | offset) == SystemResult.Ok;
}
