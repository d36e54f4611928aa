namespace Atoll.Services.Net.Stack;

/// <summary>A segment for a connection in TIME-WAIT. Source: RFC 9293, "TIME-WAIT STATE"; RFC 1337: a reset does not end it.</summary>
internal static class TcpTimeWait
{
    public static FrameOutcome Receive(in NetStack stack, ref TcpConnection connection, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Reset))
        {
            return FrameOutcome.TcpResetIgnored;
        }

        if (segment.Has(TcpFlags.Fin) && segment.End == connection.Receive.Next && !TcpTime.IsOld(stack, connection, segment))
        {
            // Our acknowledgment of its FIN was lost: the wait begins anew.
            connection.Timers.LingerAt = stack.Now + stack.State.Settings.TimeWait;
        }

        // A bare acknowledgment of what is known needs no answer, or two such ends would never stop.
        bool isQuiet = segment.Length == 0 && segment.Sequence == connection.Receive.Next;
        if (!isQuiet)
        {
            TcpCheck.Challenge(stack, ref connection);
        }

        return FrameOutcome.TcpTimeWait;
    }
}
