using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A range of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.IoPort)]
public readonly struct PortRange(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Reads a byte.</summary>
    public SystemResult Read8(ushort port, out byte value)
    {
        SystemResult result = Operation.Ask(address, (ulong)IoPortOperation.Read8, out ulong word, port);
        value = (byte)word;
        return result;
    }

    /// <summary>Writes a byte.</summary>
    public SystemResult Write8(ushort port, byte value) => Operation.Do(address, (ulong)IoPortOperation.Write8, port, value);

    /// <summary>Reads four bytes.</summary>
    public SystemResult Read32(ushort port, out uint value)
    {
        SystemResult result = Operation.Ask(address, (ulong)IoPortOperation.Read32, out ulong word, port);
        value = (uint)word;
        return result;
    }

    /// <summary>Writes four bytes.</summary>
    public SystemResult Write32(ushort port, uint value) => Operation.Do(address, (ulong)IoPortOperation.Write32, port, value);
}

/// <summary>May make ranges of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct PortControl(ulong address)
{
    /// <summary>Makes a range.</summary>
    public SystemResult Get(ulong first, ulong last, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)IoPortControlOperation.Get, first, last, into.Address, index);
}
