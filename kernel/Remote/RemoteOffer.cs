using Atoll.Abi;

namespace Atoll.Remote;

/// <summary>A capability that its home gives to a program of another core. Untrusted until <see cref="RemoteState.TryArrive"/> has compared it.</summary>
public struct RemoteOffer
{
    /// <summary>Number of the export at home.</summary>
    public uint HomeNumber;

    /// <summary>Number of the end of the channel that it is for.</summary>
    public uint Channel;

    /// <summary>Which channel.</summary>
    public ulong Epoch;

    /// <summary>Frame, Untyped or Remote.</summary>
    public CapabilityType Type;

    /// <summary>What may be done.</summary>
    public CapabilityRights Rights;

    /// <summary>Memory: log2 of the bytes. Remote: <see cref="CapabilityType"/> of the object at home.</summary>
    public byte SizeBits;

    /// <summary>Memory: physical address.</summary>
    public ulong Address;

    /// <summary>Core of the program that gave it: the home, or a holder that says so on its status page; <see cref="Nobody"/>: neither.</summary>
    public uint Giver;

    /// <summary>Given on: its number among all that the giver's instance has given on; 0: the home gives it.</summary>
    public uint Serial;

    /// <summary>No core has this number.</summary>
    public const uint Nobody = uint.MaxValue;
}
