using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Makes the frame of a question.</summary>
internal static class DnsOutput
{
    public static int Emit(in NetStack stack, Span<byte> frame)
    {
        for (int index = 0; index < StackLimits.DnsQueryCount && stack.State.Dns.Used != 0; index++)
        {
            ref DnsQuery query = ref stack.State.Dns.Queries[index];
            if (query.IsAsking && query.IsSendDue)
            {
                // The others go the same way.
                return Ipv4Route.TryFind(stack, stack.State.Settings.NameServer, out Ipv4Route route)
                    ? Write(stack, ref query, route, frame)
                    : 0;
            }
        }

        return 0;
    }

    private static int Write(in NetStack stack, ref DnsQuery query, in Ipv4Route route, Span<byte> frame)
    {
        query.IsSendDue = false;
        Span<byte> space = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, UdpHeader.Bytes + StackLimits.DnsMessageBytes);
        int length = UdpHeader.Bytes + DnsMessage.Write(space.Slice(UdpHeader.Bytes, StackLimits.DnsMessageBytes), query);
        UdpHeader.Write(space.Slice(0, length), route, query.Port, DnsMessage.ServerPort);
        return stack.WriteHeaders(frame, route, Ipv4Header.ProtocolUdp, length, mayFragment: true);
    }
}
