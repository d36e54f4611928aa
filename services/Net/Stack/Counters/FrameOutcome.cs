namespace Atoll.Services.Net.Stack;

/// <summary>How a received frame ended. Every frame ends in exactly one of them.</summary>
public enum FrameOutcome
{
    /// <summary>Not an end: the frame is still being looked at. Never counted.</summary>
    None,

    /// <summary>Shorter than an Ethernet header.</summary>
    EthernetTooShort,

    /// <summary>Addressed to another station.</summary>
    EthernetNotOurs,

    /// <summary>Comes from a group address, which no station has.</summary>
    EthernetBadSource,

    /// <summary>A protocol that the stack does not speak, or a length in place of a type.</summary>
    EthernetOtherProtocol,

    /// <summary>ARP packet too short, or not about Ethernet and IPv4.</summary>
    ArpMalformed,

    /// <summary>ARP request for our address: answered.</summary>
    ArpRequestAnswered,

    /// <summary>ARP request for our address, no room for the answer.</summary>
    ArpReplyDropped,

    /// <summary>ARP packet about others: updates what is known of its sender, or nothing.</summary>
    ArpNoted,

    /// <summary>ARP answer that was awaited.</summary>
    ArpReplyAccepted,

    /// <summary>Somebody else uses our address.</summary>
    ArpConflict,

    /// <summary>Shorter than an IPv4 header.</summary>
    Ipv4TooShort,

    /// <summary>Version is not 4.</summary>
    Ipv4BadVersion,

    /// <summary>Header or total length does not fit the frame.</summary>
    Ipv4BadLength,

    /// <summary>Header checksum is wrong.</summary>
    Ipv4BadChecksum,

    /// <summary>Addressed to another host.</summary>
    Ipv4NotOurs,

    /// <summary>Source address that no other host has: group, broadcast, loopback, none, our own.</summary>
    Ipv4BadSource,

    /// <summary>Asks for source routing.</summary>
    Ipv4SourceRouted,

    /// <summary>A protocol that the stack does not speak.</summary>
    Ipv4OtherProtocol,

    /// <summary>Fragment kept until the others come.</summary>
    FragmentHeld,

    /// <summary>Fragment with the same bytes' place as one that is kept.</summary>
    FragmentDuplicate,

    /// <summary>Fragment whose length, offset or place contradicts the others, or is not a multiple of 8; all are dropped.</summary>
    FragmentInvalid,

    /// <summary>The datagram would be greater than the stack keeps.</summary>
    FragmentTooLarge,

    /// <summary>The source has as many datagrams in pieces as one source may.</summary>
    FragmentQuota,

    /// <summary>ICMP message shorter than its header.</summary>
    IcmpTooShort,

    /// <summary>ICMP checksum is wrong.</summary>
    IcmpBadChecksum,

    /// <summary>Echo request: answered.</summary>
    IcmpEchoAnswered,

    /// <summary>Echo request too large for one frame, to a group, or no room for the answer.</summary>
    IcmpEchoDropped,

    /// <summary>Echo reply that nobody waits for.</summary>
    IcmpEchoReply,

    /// <summary>Echo reply to a request of ours.</summary>
    IcmpEchoReplyAccepted,

    /// <summary>Error about a connection or datagram of ours: acted on.</summary>
    IcmpErrorAccepted,

    /// <summary>Error that quotes nothing that we sent.</summary>
    IcmpErrorIgnored,

    /// <summary>Any other ICMP message.</summary>
    IcmpOther,

    /// <summary>UDP datagram shorter than its header or its length.</summary>
    UdpBadLength,

    /// <summary>UDP checksum is wrong.</summary>
    UdpBadChecksum,

    /// <summary>No socket on this port; answered by ICMP if allowed.</summary>
    UdpNoSocket,

    /// <summary>The socket's buffer is full.</summary>
    UdpBufferFull,

    /// <summary>Given to a socket.</summary>
    UdpDelivered,

    /// <summary>Taken by the DHCP client.</summary>
    DhcpAccepted,

    /// <summary>DHCP message that is malformed, not for us or not awaited.</summary>
    DhcpIgnored,

    /// <summary>Taken by the DNS client.</summary>
    DnsAccepted,

    /// <summary>DNS answer that is malformed or does not match its question.</summary>
    DnsIgnored,

    /// <summary>Shorter than a TCP header.</summary>
    TcpTooShort,

    /// <summary>Data offset does not fit.</summary>
    TcpBadLength,

    /// <summary>TCP checksum is wrong.</summary>
    TcpBadChecksum,

    /// <summary>Segment to a group or broadcast address.</summary>
    TcpToGroup,

    /// <summary>No connection and no listener: answered by a reset, if it is not one.</summary>
    TcpNoConnection,

    /// <summary>Reset for a connection that does not exist.</summary>
    TcpResetIgnored,

    /// <summary>First SYN: half-open connection made.</summary>
    TcpSynAccepted,

    /// <summary>First SYN while the listener's half-open ones are at their limit: answered by a cookie.</summary>
    TcpSynCookieSent,

    /// <summary>First SYN: the listener's queue is full, or there is no room to answer.</summary>
    TcpSynDropped,

    /// <summary>Acknowledgment with a right cookie: connection made.</summary>
    TcpSynCookieAccepted,

    /// <summary>Acknowledgment with a right cookie, but queue or pool is full.</summary>
    TcpSynCookieDropped,

    /// <summary>Segment to a listener that is neither SYN nor cookie: answered by a reset.</summary>
    TcpListenUnexpected,

    /// <summary>Segment that does not answer our SYN as it should.</summary>
    TcpSynSentUnexpected,

    /// <summary>SYN, or SYN and acknowledgment, that moves the handshake on.</summary>
    TcpHandshake,

    /// <summary>Lies outside of the receive window: answered by an acknowledgment.</summary>
    TcpOutsideWindow,

    /// <summary>Time stamp older than the last: answered by an acknowledgment (PAWS).</summary>
    TcpOldTimestamp,

    /// <summary>No time stamp on a connection that has them.</summary>
    TcpMissingTimestamp,

    /// <summary>Data for a closed window; its acknowledgment counts.</summary>
    TcpWindowClosed,

    /// <summary>Reset at exactly the next sequence number: connection ended.</summary>
    TcpResetAccepted,

    /// <summary>Reset elsewhere in the window: challenged.</summary>
    TcpResetChallenged,

    /// <summary>SYN within a connection: challenged.</summary>
    TcpSynChallenged,

    /// <summary>No acknowledgment where one must be.</summary>
    TcpNoAcknowledgment,

    /// <summary>Acknowledges what was never sent, or what is too old.</summary>
    TcpBadAcknowledgment,

    /// <summary>Only an acknowledgment, window update or keep-alive.</summary>
    TcpAcknowledged,

    /// <summary>Data or FIN in order.</summary>
    TcpInOrder,

    /// <summary>Data or FIN ahead of a gap: kept.</summary>
    TcpOutOfOrder,

    /// <summary>Data ahead of a gap, but there are as many gaps as are kept.</summary>
    TcpTooManyGaps,

    /// <summary>Everything in it was received before.</summary>
    TcpDuplicate,

    /// <summary>Data for a connection whose application has closed it: reset.</summary>
    TcpDataAfterClose,

    /// <summary>Segment for a connection in TIME-WAIT.</summary>
    TcpTimeWait,

    /// <summary>Number of outcomes; not one itself.</summary>
    Count,
}
