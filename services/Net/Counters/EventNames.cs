using System;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>What else a stack counts, in words: the names that the enumeration has.</summary>
public static class EventNames
{
    /// <summary>In words; empty: it is none.</summary>
    public static ReadOnlySpan<byte> Of(StackEvent counted) => counted switch
    {
        StackEvent.FramesSent => "frames sent"u8,
        StackEvent.TcpSegmentsSent => "tcp segments sent"u8,
        StackEvent.TcpRetransmissions => "tcp retransmissions"u8,
        StackEvent.TcpFastRecoveries => "tcp fast recoveries"u8,
        StackEvent.TcpTimeouts => "tcp timeouts"u8,
        StackEvent.TcpWindowProbes => "tcp window probes"u8,
        StackEvent.TcpKeepAlives => "tcp keep alives"u8,
        StackEvent.TcpResetsSent => "tcp resets sent"u8,
        StackEvent.TcpChallenges => "tcp challenges"u8,
        StackEvent.TcpChallengesWithheld => "tcp challenges withheld"u8,
        StackEvent.TcpTimedOut => "tcp timed out"u8,
        StackEvent.TcpTimeWaitRecycled => "tcp time wait recycled"u8,
        StackEvent.TcpPoolEmpty => "tcp pool empty"u8,
        StackEvent.TcpSackBlocksIgnored => "tcp sack blocks ignored"u8,
        StackEvent.TcpPathMtuLowered => "tcp path mtu lowered"u8,
        StackEvent.RepliesDropped => "replies dropped"u8,
        StackEvent.IcmpErrorsWithheld => "icmp errors withheld"u8,
        StackEvent.ArpRequestsSent => "arp requests sent"u8,
        StackEvent.ArpFailures => "arp failures"u8,
        StackEvent.ArpEvictions => "arp evictions"u8,
        StackEvent.ReassembliesDropped => "reassemblies dropped"u8,
        StackEvent.ReassembliesDone => "reassemblies done"u8,
        StackEvent.UdpUnreachable => "udp unreachable"u8,
        StackEvent.EventsMerged => "events merged"u8,
        StackEvent.Count => default,
        _ => default,
    };
}
