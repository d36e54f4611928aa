namespace Atoll.Services.Net.Stack;

/// <summary>What ICMP errors do to connections. Source: RFC 1191, RFC 5461, RFC 5927.</summary>
internal static class TcpIcmp
{
    /// <summary>Acts on an error about a segment that is really on its way; others may be forged.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="flow">The flow that is quoted.</param>
    /// <param name="sequence">The sequence number that is quoted.</param>
    /// <param name="nextMtu">What fits, where that is the matter; else 0.</param>
    /// <param name="isHard">Nobody is there. It only ends a connection that has not begun (RFC 5461).</param>
    /// <returns>Whether anything came of it.</returns>
    public static bool Receive(in NetStack stack, in Flow flow, uint sequence, int nextMtu, bool isHard)
    {
        int index = FlowTable.Find(stack, flow);
        if (index < 0)
        {
            return false;
        }

        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (!Sequence.IsWithin(sequence, connection.Send.Unacknowledged, connection.Send.InFlight))
        {
            return false;
        }

        if (nextMtu != 0)
        {
            TcpPath.Lower(stack, ref connection, nextMtu);
            ReadyQueue.AddConnection(stack, index);
            return true;
        }

        if (!isHard || connection.State != TcpState.SynSent)
        {
            return false;
        }

        TcpClose.End(stack, index, ConnectionError.Refused);
        return true;
    }
}
