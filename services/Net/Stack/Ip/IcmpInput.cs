using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to an ICMP message. Source: RFC 792; RFC 1191 for path MTU; RFC 5927 for what is not believed.</summary>
internal static class IcmpInput
{
    private const byte TypeEchoReply = 0;
    private const byte TypeUnreachable = 3;
    private const byte TypeTimeExceeded = 11;
    private const byte TypeParameterProblem = 12;
    private const byte CodeProtocolUnreachable = 2;
    private const byte CodePortUnreachable = 3;
    private const byte CodeFragmentationNeeded = 4;

    public static FrameOutcome Receive(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> message)
    {
        if (message.Length < IcmpOutput.HeaderBytes)
        {
            return FrameOutcome.IcmpTooShort;
        }

        if (Checksum.Finish(Checksum.Add(0, message)) != 0)
        {
            return FrameOutcome.IcmpBadChecksum;
        }

        return message[0] switch
        {
            IcmpOutput.TypeEchoRequest => IcmpOutput.SendEchoReply(stack, arrival, message),
            TypeEchoReply => EchoClient.Receive(stack, arrival.Header.Source, message),
            TypeUnreachable or TypeTimeExceeded or TypeParameterProblem => ReceiveError(stack, message),
            _ => FrameOutcome.IcmpOther,
        };
    }

    // The quoted packet must be one that we sent; what it says further is checked by its protocol.
    private static FrameOutcome ReceiveError(in NetStack stack, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> quoted = message.Slice(IcmpOutput.HeaderBytes, message.Length - IcmpOutput.HeaderBytes);
        if (quoted.Length < Ipv4Header.Bytes)
        {
            return FrameOutcome.IcmpErrorIgnored;
        }

        int headerBytes = (quoted[0] & 0xF) * 4;
        var source = new Ipv4Address(BigEndian.ReadUInt32(quoted, 12));
        if (quoted[0] >> 4 != 4
            || headerBytes < Ipv4Header.Bytes
            || quoted.Length < headerBytes + 8
            || quoted[9] != Ipv4Header.ProtocolTcp
            || !source.Is(stack.State.Settings.Address))
        {
            return FrameOutcome.IcmpErrorIgnored;
        }

        var flow = new Flow
        {
            Local = source,
            Remote = new Ipv4Address(BigEndian.ReadUInt32(quoted, 16)),
            LocalPort = BigEndian.ReadUInt16(quoted, headerBytes),
            RemotePort = BigEndian.ReadUInt16(quoted, headerBytes + 2),
        };
        uint sequence = BigEndian.ReadUInt32(quoted, headerBytes + 4);
        int nextMtu = message[0] == TypeUnreachable && message[1] == CodeFragmentationNeeded
            ? TooBig(BigEndian.ReadUInt16(message, 6), BigEndian.ReadUInt16(quoted, 2))
            : 0;
        bool isHard = message[0] == TypeUnreachable && message[1] is CodeProtocolUnreachable or CodePortUnreachable;
        return TcpIcmp.Receive(stack, flow, sequence, nextMtu, isHard) ? FrameOutcome.IcmpErrorAccepted : FrameOutcome.IcmpErrorIgnored;
    }

    // Routers before RFC 1191 do not say what fits: then the next plateau below what was too big (its section 7.1).
    private static int TooBig(int nextMtu, int quotedBytes) => nextMtu switch
    {
        0 when quotedBytes > 1492 => 1492,
        0 when quotedBytes > 1006 => 1006,
        0 => StackLimits.MtuMin,
        _ => Arithmetic.Max(nextMtu, StackLimits.MtuMin),
    };
}
