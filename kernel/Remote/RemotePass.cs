using Atoll.Abi;

namespace Atoll.Remote;

/// <summary>What a holder asks of a home: a program of its gives your object to a program of a third core. Untrusted until <see cref="RemoteState.TryRecord"/> has compared it.</summary>
public struct RemotePass
{
    /// <summary>Number of the export at home that the holder has.</summary>
    public uint HomeNumber;

    /// <summary>Number of the giver's own record.</summary>
    public uint GiverNumber;

    /// <summary>Core of the receiver.</summary>
    public uint Receiver;

    /// <summary>Number of the receiver's end of the channel.</summary>
    public uint Channel;

    /// <summary>Which channel between giver and receiver.</summary>
    public ulong Epoch;

    /// <summary>The most that the receiver may do.</summary>
    public CapabilityRights Rights;

    /// <summary>What the giver says of it on its status page (<c>PassNotice</c>). For the receiver.</summary>
    public ulong Notice;
}
