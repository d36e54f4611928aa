using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Makes the frame of the client's message.</summary>
internal static class DhcpOutput
{
    public static int Emit(in NetStack stack, Span<byte> frame)
    {
        ref DhcpClient client = ref stack.State.Dhcp;
        if (!client.IsSendDue)
        {
            return 0;
        }

        // Only a renewal goes to the server alone; then it has an address to come from.
        bool isRenewal = client.State == DhcpState.Renewing;
        Ipv4Address to = isRenewal ? client.Server : new Ipv4Address(0xFFFF_FFFF);
        if (!Ipv4Route.TryFind(stack, to, out Ipv4Route route))
        {
            return 0;
        }

        client.IsSendDue = false;
        Span<byte> datagram = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, UdpHeader.Bytes + DhcpMessage.Bytes);
        DhcpMessage.Write(datagram.Slice(UdpHeader.Bytes, DhcpMessage.Bytes), client, stack.State.Settings, stack.Now);
        UdpHeader.Write(datagram, route, DhcpMessage.ClientPort, DhcpMessage.ServerPort);
        return stack.WriteHeaders(frame, route, Ipv4Header.ProtocolUdp, datagram.Length, mayFragment: true);
    }
}
