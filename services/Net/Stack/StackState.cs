namespace Atoll.Services.Net.Stack;

/// <summary>What a stack knows besides its pools. Plain data: a copy of it and of the pools is a copy of the stack.</summary>
public struct StackState
{
    /// <summary>What it has counted.</summary>
    public StackCounters Counters;

    /// <summary>How it is set up; the DHCP client changes addresses.</summary>
    public StackSettings Settings;

    internal StackRandom Random;
    internal NeighborTable Neighbors;
    internal ReplyQueue Replies;
    internal RateLimit IcmpErrors;
    internal DhcpClient Dhcp;
    internal DnsClient Dns;
    internal EchoRequests Echoes;

    // Most calls find none of these, and are not to look at every place for that.
    internal int EchoesUsed;
    internal int ReassembliesUsed;
    internal IndexQueue Ready;
    internal IndexQueue Events;
    internal int TimerCount;
    internal ushort FreeConnection;
    internal ushort NextPacketId;

    /// <summary>Until when an acknowledgment may be a cookie that came back.</summary>
    internal ulong CookiesUntil;
}
