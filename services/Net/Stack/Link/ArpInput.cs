using System;

namespace Atoll.Services.Net.Stack;

/// <summary>What happens to an ARP packet. Source: RFC 826, "Packet Reception"; RFC 5227 for conflicts.</summary>
internal static class ArpInput
{
    public static FrameOutcome Receive(in NetStack stack, ReadOnlySpan<byte> packet)
    {
        if (!ArpPacket.IsForIpv4OverEthernet(packet))
        {
            return FrameOutcome.ArpMalformed;
        }

        Ipv4Address own = stack.State.Settings.Address;
        Ipv4Address sender = ArpPacket.SenderAddress(packet);
        MacAddress mac = ArpPacket.SenderMac(packet);
        if (own.IsNone || mac.IsGroup)
        {
            return FrameOutcome.ArpNoted;
        }

        if (sender.Is(own))
        {
            return mac.Is(stack.State.Settings.Mac) ? FrameOutcome.ArpNoted : FrameOutcome.ArpConflict;
        }

        bool isForUs = ArpPacket.TargetAddress(packet).Is(own);
        bool isRequest = BigEndian.ReadUInt16(packet, 6) == ArpPacket.Request;
        bool wasAwaited = sender.IsUnicast
            && stack.State.Neighbors.Learn(sender, mac, isForUs && isRequest, stack.Now, ref stack.State.Counters);
        if (wasAwaited)
        {
            ReadyQueue.WakeWaiting(stack);
        }

        if (!isForUs || !isRequest)
        {
            return wasAwaited ? FrameOutcome.ArpReplyAccepted : FrameOutcome.ArpNoted;
        }

        return Answer(stack, mac, sender);
    }

    private static FrameOutcome Answer(in NetStack stack, MacAddress mac, Ipv4Address sender)
    {
        if (!stack.State.Replies.TryBegin(stack, out Span<byte> frame))
        {
            return FrameOutcome.ArpReplyDropped;
        }

        stack.State.Replies.Commit(ArpPacket.Write(frame, stack.State.Settings, ArpPacket.Reply, mac, sender));
        return FrameOutcome.ArpRequestAnswered;
    }
}
