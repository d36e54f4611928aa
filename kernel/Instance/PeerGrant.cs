namespace Atoll.Instance;

/// <summary>Memory that an instance was granted, as others are told. Frames that it gives them lie in it.</summary>
public struct PeerGrant
{
    /// <summary>Core number of the instance.</summary>
    public uint Peer;

    /// <summary>Physical address; 0: there is none.</summary>
    public ulong Base;

    /// <summary>Bytes.</summary>
    public ulong Bytes;
}
