namespace Atoll.Services.Net.Stack;

/// <summary>How a stack is set up. <see cref="Standard"/> has what RFCs ask for; addresses and key are the caller's.</summary>
public struct StackSettings
{
    /// <summary>Our Ethernet address.</summary>
    public MacAddress Mac;

    /// <summary>Our address; none: the DHCP client asks for one.</summary>
    public Ipv4Address Address;

    /// <summary>Bits of the address that name the subnet.</summary>
    public Ipv4Address SubnetMask;

    /// <summary>Router to other subnets; none: there are none.</summary>
    public Ipv4Address Gateway;

    /// <summary>Name server; none: no names.</summary>
    public Ipv4Address NameServer;

    /// <summary>Bytes of the largest IP packet, 576 to 1500.</summary>
    public int Mtu;

    /// <summary>From a good source of randomness, or from a seed where a run must repeat.</summary>
    public SecretKey Key;

    /// <summary>Bytes of each buffer of a connection, one each way: a power of two, 4 KiB to 1 MiB.</summary>
    public int TcpBufferBytes;

    /// <summary>Bytes of each buffer of a UDP socket, one each way: a power of two, at least 4 KiB.</summary>
    public int UdpBufferBytes;

    /// <summary>Least retransmission timeout, microseconds. RFC 6298 says 1 s and allows less with a fine clock (decision 0056).</summary>
    public ulong RetransmitMin;

    /// <summary>Longest delay of an acknowledgment, microseconds; RFC 1122 allows 500 ms.</summary>
    public ulong AcknowledgmentDelay;

    /// <summary>How long TIME-WAIT lasts, microseconds: two maximum segment lifetimes.</summary>
    public ulong TimeWait;

    /// <summary>How long a closed connection waits for the peer's FIN, microseconds.</summary>
    public ulong FinWait;

    /// <summary>Retransmissions of data, or probes without an answer, before a connection is given up.</summary>
    public int RetriesMax;

    /// <summary>The same for a SYN.</summary>
    public int SynRetriesMax;

    /// <summary>Silence before the first keep-alive probe, microseconds, on connections that ask for them.</summary>
    public ulong KeepAliveIdle;

    /// <summary>Time between keep-alive probes, microseconds.</summary>
    public ulong KeepAliveInterval;

    /// <summary>Keep-alive probes without an answer before a connection is given up.</summary>
    public int KeepAliveProbes;

    /// <summary>Offers time stamps (RFC 7323).</summary>
    public bool OffersTimestamps;

    /// <summary>Offers selective acknowledgments (RFC 2018).</summary>
    public bool OffersSack;

    /// <summary>Offers window scaling (RFC 7323).</summary>
    public bool OffersWindowScale;

    /// <summary>Which of <see cref="PortShares"/> parts of the ports to call from are this stack's: those that leave it over when they are divided.</summary>
    public byte PortShare;

    /// <summary>How many stacks share the address, and with it the ports to call from; 0 and 1: it is alone.</summary>
    public byte PortShares;

    /// <summary>Values that suit a server on an Ethernet.</summary>
    public static StackSettings Standard => new()
    {
        Mtu = 1500,
        TcpBufferBytes = 64 * 1024,
        UdpBufferBytes = 16 * 1024,
        RetransmitMin = 200 * StackLimits.Millisecond,
        AcknowledgmentDelay = 40 * StackLimits.Millisecond,
        TimeWait = 60 * StackLimits.Second,
        FinWait = 60 * StackLimits.Second,
        RetriesMax = 12,
        SynRetriesMax = 7,
        KeepAliveIdle = 7200 * StackLimits.Second,
        KeepAliveInterval = 75 * StackLimits.Second,
        KeepAliveProbes = 9,
        OffersTimestamps = true,
        OffersSack = true,
        OffersWindowScale = true,
    };
}
