using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Answers a SYN with a cookie: nothing is kept here.</summary>
internal static class TcpCookieReply
{
    /// <summary>How long after the last cookie one may come back, microseconds: a cookie is believed for two minutes at most.</summary>
    private const ulong CookieTime = 120 * StackLimits.Second;

    private const int HeaderBytes = TcpSegment.HeaderBytes + 4;

    /// <summary>Queues the answer; false when there is no room.</summary>
    public static bool TrySend(in NetStack stack, in Arrival arrival, in Flow flow, in TcpSegment syn)
    {
        if (!stack.State.Replies.TryBegin(stack, out Span<byte> frame))
        {
            return false;
        }

        ref StackSettings own = ref stack.State.Settings;
        var answer = new TcpSegment
        {
            SourcePort = flow.LocalPort,
            DestinationPort = flow.RemotePort,
            Sequence = SynCookie.Make(stack, flow, syn.Sequence, syn.Mss),
            Acknowledgment = syn.Sequence + 1,
            Flags = TcpFlags.Syn | TcpFlags.Ack,
            Window = (ushort)Arithmetic.Min(own.TcpBufferBytes, 65535),
            HeaderLength = HeaderBytes,
        };
        Ipv4Route route = arrival.Reverse;
        Span<byte> bytes = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, HeaderBytes);
        int end = TcpOptions.WriteMss(bytes, TcpSegment.HeaderBytes, own.Mtu - Ipv4Header.Bytes - TcpSegment.HeaderBytes);
        TcpHeader.Write(bytes.Slice(0, end), answer, route);
        stack.State.Replies.Commit(stack.WriteHeaders(frame, route, Ipv4Header.ProtocolTcp, HeaderBytes, mayFragment: false));
        stack.State.CookiesUntil = stack.Now + CookieTime;
        return true;
    }
}
