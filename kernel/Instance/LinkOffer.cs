namespace Atoll.Instance;

/// <summary>What a link is made of, as whoever makes it says. All of it is checked before it is used.</summary>
public struct LinkOffer
{
    /// <summary>Core number of the peer.</summary>
    public uint Peer;

    /// <summary>APIC id of the peer's core.</summary>
    public uint PeerApicId;

    /// <summary>Physical address of the ring from the peer.</summary>
    public ulong Receive;

    /// <summary>Physical address of the ring to the peer.</summary>
    public ulong Send;

    /// <summary>Physical address of the peer's status page; its wake page is the next.</summary>
    public ulong Status;

    /// <summary>The peer's life word while it lives.</summary>
    public ulong Life;

    /// <summary>Number of this link.</summary>
    public ulong Epoch;

    /// <summary>What the peer was granted.</summary>
    public PeerGrant Grant;
}
