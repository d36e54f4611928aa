using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Makes a connection's next frame.</summary>
internal static class TcpOutput
{
    /// <summary>Writes one frame.</summary>
    /// <returns>Its length; 0 if there is none, or its station is not known yet.</returns>
    public static int Emit(in NetStack stack, int index, Span<byte> frame)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (!connection.IsUsed || !TcpSchedule.TryChoose(connection, out SegmentPlan plan))
        {
            TcpTimers.Watch(stack, index);
            return 0;
        }

        if (!Ipv4Route.TryFind(stack, connection.Flow.Remote, out Ipv4Route route))
        {
            // Its timer goes on: a station that never answers ends a connection like any other silence.
            connection.WaitsForNeighbor = true;
            TcpTimers.Watch(stack, index);
            return 0;
        }

        int length = Write(stack, index, plan, route, frame);
        NoteSent(stack, index, plan);
        return length;
    }

    private static int Write(in NetStack stack, int index, in SegmentPlan plan, in Ipv4Route route, Span<byte> frame)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        Span<byte> space = frame.Slice(Ethernet.HeaderBytes + Ipv4Header.Bytes, stack.State.Settings.Mtu - Ipv4Header.Bytes);
        int headerBytes = WriteOptions(stack, connection, plan, space);
        Span<byte> bytes = space.Slice(0, headerBytes + plan.PayloadBytes);
        ref TcpSendState send = ref connection.Send;
        ByteRing.Read(
            TcpBuffers.ToSend(stack, index),
            send.BufferStart + (int)(plan.Sequence - send.BufferSequence),
            bytes.Slice(headerBytes, plan.PayloadBytes));
        var segment = new TcpSegment
        {
            SourcePort = connection.Flow.LocalPort,
            DestinationPort = connection.Flow.RemotePort,
            Sequence = plan.Sequence,
            Acknowledgment = plan.Has(TcpFlags.Ack) ? connection.Receive.Next : 0,
            Flags = plan.Flags,
            Window = TcpWindow.Announce(stack, ref connection, plan.Has(TcpFlags.Syn)),
            HeaderLength = headerBytes,
        };
        TcpHeader.Write(bytes, segment, route);
        return stack.WriteHeaders(frame, route, Ipv4Header.ProtocolTcp, bytes.Length, mayFragment: false);
    }

    // Returns the length of the header with them.
    private static int WriteOptions(in NetStack stack, in TcpConnection connection, in SegmentPlan plan, Span<byte> to)
    {
        ref StackSettings own = ref stack.State.Settings;
        bool isOffer = connection.State == TcpState.SynSent;
        bool isSyn = plan.Has(TcpFlags.Syn);
        int offset = TcpSegment.HeaderBytes;
        if (isSyn)
        {
            offset = TcpOptions.WriteMss(to, offset, own.Mtu - Ipv4Header.Bytes - TcpSegment.HeaderBytes);
        }

        if (isSyn && (isOffer ? own.OffersSack : connection.Agreed.HasSack))
        {
            offset = TcpOptions.WriteSackPermitted(to, offset);
        }

        if (isOffer ? own.OffersTimestamps : connection.Agreed.HasTimestamps)
        {
            uint echo = plan.Has(TcpFlags.Ack) ? connection.Agreed.TimestampRecent : 0;
            offset = TcpOptions.WriteTimestamp(to, offset, TcpTime.Stamp(stack, connection), echo);
        }

        if (isSyn && (isOffer ? own.OffersWindowScale : connection.Agreed.HasWindowScale))
        {
            offset = TcpOptions.WriteWindowScale(to, offset, TcpWindow.Scale(own.TcpBufferBytes));
        }

        return isSyn ? offset : TcpOptions.WriteSack(to, offset, connection.Ranges, TcpSchedule.SackBlocksOwed(connection));
    }

    private static void NoteSent(in NetStack stack, int index, in SegmentPlan plan)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        stack.State.Counters.Count(StackEvent.TcpSegmentsSent);
        NoteAcknowledged(ref connection, plan);
        if (plan.End != plan.Sequence)
        {
            NoteStream(stack, ref connection, plan);
            if (connection.Timers.RetransmitAt == 0)
            {
                connection.Timers.RetransmitAt = stack.Now + connection.Rtt.Timeout;
            }
        }

        TcpTimers.Update(stack, index);
    }

    // Everything but a bare SYN acknowledges; only what carries nothing else pays one of several that are owed.
    private static void NoteAcknowledged(ref TcpConnection connection, in SegmentPlan plan)
    {
        ref TcpReceiveState receive = ref connection.Receive;
        bool isBare = plan.End == plan.Sequence;
        receive.AcknowledgmentsDue = (byte)(isBare && receive.AcknowledgmentsDue > 0 ? receive.AcknowledgmentsDue - 1 : 0);
        receive.SegmentsDelayed = 0;
        receive.Acknowledged = receive.Next;
        connection.Timers.AcknowledgeAt = 0;
        connection.Send.IsKeepAliveDue = connection.Send.IsKeepAliveDue && !isBare;
    }

    private static void NoteStream(in NetStack stack, ref TcpConnection connection, in SegmentPlan plan)
    {
        ref TcpSendState send = ref connection.Send;
        if (Sequence.IsBefore(plan.Sequence, send.Max))
        {
            stack.State.Counters.Count(StackEvent.TcpRetransmissions);
            connection.Rtt.StopTiming();
        }
        else
        {
            connection.Rtt.StartTiming(plan.End, stack.Now);
        }

        if (connection.Congestion.IsRecovering && Sequence.IsBefore(plan.Sequence, send.Next))
        {
            connection.Congestion.Retransmitted = Sequence.Later(connection.Congestion.Retransmitted, plan.End);
            connection.Congestion.IsRetransmitDue = false;
        }

        // Next never jumps over what was not sent again: a probe starts at the oldest byte.
        send.Next = Sequence.Later(send.Next, plan.End);
        send.Max = Sequence.Later(send.Max, plan.End);
        send.IsSynDue = false;
        send.IsProbeDue = false;
    }
}
