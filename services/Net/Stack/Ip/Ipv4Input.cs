using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to an IPv4 packet. Source: RFC 791; RFC 1122, "Internet Protocol".</summary>
internal static class Ipv4Input
{
    private const byte OptionEnd = 0;
    private const byte OptionNone = 1;
    private const byte OptionLooseSourceRoute = 131;
    private const byte OptionStrictSourceRoute = 137;

    public static FrameOutcome Receive(in NetStack stack, ReadOnlySpan<byte> packet, MacAddress station)
    {
        FrameOutcome wrong = Ipv4Header.Read(packet, out Ipv4Header header);
        if (wrong == FrameOutcome.None)
        {
            wrong = CheckAddresses(stack.State.Settings, header);
        }

        if (wrong != FrameOutcome.None)
        {
            return wrong;
        }

        if (IsSourceRouted(packet.Slice(Ipv4Header.Bytes, header.HeaderBytes - Ipv4Header.Bytes)))
        {
            return FrameOutcome.Ipv4SourceRouted;
        }

        var arrival = new Arrival { Header = header, Station = station, Packet = packet.Slice(0, header.TotalBytes) };
        ReadOnlySpan<byte> payload = packet.Slice(header.HeaderBytes, header.TotalBytes - header.HeaderBytes);
        return header.IsFragment ? ReceiveFragment(stack, arrival, payload) : Deliver(stack, arrival, payload);
    }

    private static FrameOutcome ReceiveFragment(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> payload)
    {
        FrameOutcome outcome = Ipv4Fragments.Receive(stack, arrival.Header, payload, out ReadOnlySpan<byte> whole, out int place);
        if (outcome != FrameOutcome.None)
        {
            return outcome;
        }

        outcome = Deliver(stack, arrival, whole);
        Ipv4Fragments.Release(stack, place);
        return outcome;
    }

    private static FrameOutcome Deliver(in NetStack stack, in Arrival arrival, ReadOnlySpan<byte> payload) =>
        arrival.Header.Protocol switch
        {
            Ipv4Header.ProtocolTcp => TcpInput.Receive(stack, arrival, payload),
            Ipv4Header.ProtocolUdp => UdpInput.Receive(stack, arrival, payload),
            Ipv4Header.ProtocolIcmp => IcmpInput.Receive(stack, arrival, payload),
            _ => RefuseProtocol(stack, arrival),
        };

    private static FrameOutcome RefuseProtocol(in NetStack stack, in Arrival arrival)
    {
        IcmpOutput.SendUnreachable(stack, arrival, IcmpOutput.CodeProtocol);
        return FrameOutcome.Ipv4OtherProtocol;
    }

    // While DHCP has not given us an address, its answers come to one that we do not have yet.
    private static FrameOutcome CheckAddresses(in StackSettings own, in Ipv4Header header)
    {
        bool isOurs = header.Destination.Is(own.Address)
            || header.Destination.IsLimitedBroadcast
            || Ipv4Route.IsSubnetBroadcast(own, header.Destination)
            || (own.Address.IsNone && header.Protocol == Ipv4Header.ProtocolUdp && header.Destination.IsUnicast);
        if (!isOurs)
        {
            return FrameOutcome.Ipv4NotOurs;
        }

        return header.Source.IsUnicast && !header.Source.Is(own.Address) && !Ipv4Route.IsSubnetBroadcast(own, header.Source)
            ? FrameOutcome.None
            : FrameOutcome.Ipv4BadSource;
    }

    private static bool IsSourceRouted(ReadOnlySpan<byte> options)
    {
        int offset = 0;
        while (offset < options.Length && options[offset] != OptionEnd)
        {
            if (options[offset] is OptionLooseSourceRoute or OptionStrictSourceRoute)
            {
                return true;
            }

            int length = options[offset] == OptionNone ? 1 : offset + 1 < options.Length ? options[offset + 1] : 0;
            if (length < 1 || (length < 2 && options[offset] != OptionNone))
            {
                return false;
            }

            offset += length;
        }

        return false;
    }
}
