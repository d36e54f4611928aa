using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to a server's message.</summary>
internal static class DhcpInput
{
    public static FrameOutcome Receive(in NetStack stack, Endpoint source, ReadOnlySpan<byte> message)
    {
        ref DhcpClient client = ref stack.State.Dhcp;
        if (source.Port != DhcpMessage.ServerPort)
        {
            return FrameOutcome.DhcpIgnored;
        }

        byte type = DhcpMessage.Read(message, client, stack.State.Settings.Mac, out DhcpLease lease, out Ipv4Address server);
        return type switch
        {
            DhcpMessage.Offer when client.State == DhcpState.Selecting => ReceiveOffer(stack, lease, server),
            DhcpMessage.Acknowledge when client.State is DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding =>
                ReceiveAcknowledgment(stack, lease),
            DhcpMessage.Refuse when client.State is DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding =>
                ReceiveRefusal(stack),
            _ => FrameOutcome.DhcpIgnored,
        };
    }

    private static FrameOutcome ReceiveOffer(in NetStack stack, in DhcpLease lease, Ipv4Address server)
    {
        if (!lease.Address.IsUnicast || server.IsNone)
        {
            return FrameOutcome.DhcpIgnored;
        }

        stack.State.Dhcp.TakeOffer(stack, lease.Address, server);
        return FrameOutcome.DhcpAccepted;
    }

    // Without a mask the host part is unknown: then every address goes to the gateway, or is asked for on the link.
    private static FrameOutcome ReceiveAcknowledgment(in NetStack stack, in DhcpLease lease)
    {
        if (!lease.Address.IsUnicast || lease.Seconds == 0)
        {
            return FrameOutcome.DhcpIgnored;
        }

        AddressClient.Take(stack, lease);
        stack.State.Dhcp.Bind(stack, lease);
        return FrameOutcome.DhcpAccepted;
    }

    private static FrameOutcome ReceiveRefusal(in NetStack stack)
    {
        AddressClient.Lose(stack);
        stack.State.Dhcp.Start(stack);
        return FrameOutcome.DhcpAccepted;
    }
}
