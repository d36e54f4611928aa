namespace Atoll.Services.Net.Stack;

/// <summary>Every bound of the stack that is not a setting, with its unit and the reason for it.</summary>
internal static class StackLimits
{
    public const ulong Second = 1_000_000;

    public const ulong Millisecond = 1000;

    /// <summary>Largest frame: 1500 bytes behind an Ethernet header.</summary>
    public const int FrameBytes = Ethernet.HeaderBytes + 1500;

    /// <summary>Smallest MTU: RFC 791 asks every host for 576.</summary>
    public const int MtuMin = 576;

    /// <summary>Neighbors known at a time: one link of hosts that talk to us, not a whole subnet.</summary>
    public const int NeighborCount = 32;

    /// <summary>Microseconds that an address stays good without a word from it.</summary>
    public const ulong NeighborAge = 60 * Second;

    /// <summary>ARP requests before an address counts as silent, one a second (RFC 1122, "ARP Cache Validation": no flood).</summary>
    public const int ArpTries = 3;

    /// <summary>Answers without a connection that wait for the driver.</summary>
    public const int ReplyCount = 32;

    /// <summary>ICMP errors in a second (RFC 1812, "Rate Limiting").</summary>
    public const int IcmpErrorsPerSecond = 100;

    /// <summary>Acknowledgments that one connection owes to segments that it refuses, in a second (RFC 5961, "ACK Throttling").</summary>
    public const int ChallengesPerSecond = 10;

    /// <summary>Bytes of a datagram in pieces: the largest that IPv4 has would be 64 KiB for each place.</summary>
    public const int DatagramBytes = 16 * 1024;

    /// <summary>Microseconds until a datagram in pieces is given up (RFC 1122, "Reassembly": 60 s to 120 s).</summary>
    public const ulong ReassemblyTime = 60 * Second;

    /// <summary>Datagrams in pieces for one source.</summary>
    public const int ReassembliesPerSource = 2;

    /// <summary>Ports that Connect and the clients choose from (RFC 6335: 49152 to 65535).</summary>
    public const ushort EphemeralPortMin = 49152;

    /// <summary>Questions to name servers at a time.</summary>
    public const int DnsQueryCount = 8;

    /// <summary>Echo requests under way.</summary>
    public const int EchoRequestCount = 8;

    /// <summary>Bytes of a name in a question (RFC 1035: 255 octets).</summary>
    public const int DnsNameBytes = 255;

    /// <summary>Bytes of a DNS message over UDP (RFC 1035: 512).</summary>
    public const int DnsMessageBytes = 512;

    /// <summary>Bytes of payload of the largest UDP datagram.</summary>
    public const int UdpPayloadBytes = 1500 - Ipv4Header.Bytes - UdpHeader.Bytes;
}
