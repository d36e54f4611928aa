using System;

namespace Atoll.Services.Net.Stack;

/// <summary>
/// Questions to the name server: sent, repeated, matched with answers. Source: RFC 1035; RFC 5452 for what makes
/// forging hard.
/// </summary>
internal struct DnsClient
{
    private const ulong FirstWait = 1 * StackLimits.Second;
    private const int TriesMax = 4;

    public DnsQueries Queries;

    /// <summary>Questions that there are: mostly none, and then none is looked for.</summary>
    public int Used;

    /// <summary>Whether a datagram is from the server to a port that a question left from.</summary>
    public readonly bool IsAnswer(Endpoint source, ushort port, Ipv4Address server) =>
        source.Port == DnsMessage.ServerPort && source.Address.Is(server) && Find(port) >= 0;

    public FrameOutcome Receive(in NetStack stack, ushort port, ReadOnlySpan<byte> message)
    {
        int index = Find(port);
        NameResult result = DnsMessage.Read(message, Queries[index], out Ipv4Address answer, out uint seconds);
        if (result == NameResult.Waiting)
        {
            return FrameOutcome.DnsIgnored;
        }

        Queries[index].Result = result;
        Queries[index].Answer = answer;
        Queries[index].AnswerSeconds = seconds;
        Queries[index].IsSendDue = false;
        return FrameOutcome.DnsAccepted;
    }

    public void Advance(in NetStack stack)
    {
        for (int index = 0; index < StackLimits.DnsQueryCount && Used != 0; index++)
        {
            ref DnsQuery query = ref Queries[index];
            if (!query.IsAsking || stack.Now < query.NextAt)
            {
                continue;
            }

            if (query.Tries >= TriesMax)
            {
                query.Result = NameResult.TimedOut;
            }
            else
            {
                Ask(stack, ref query);
            }
        }
    }

    public readonly ulong NextDeadline()
    {
        ulong next = ulong.MaxValue;
        for (int index = 0; index < StackLimits.DnsQueryCount && Used != 0; index++)
        {
            next = Queries[index].IsAsking ? Arithmetic.Min(next, Queries[index].NextAt) : next;
        }

        return next;
    }

    /// <summary>A question leaves, each time from another port and with another number.</summary>
    public static void Ask(in NetStack stack, ref DnsQuery query)
    {
        query.Id = (ushort)stack.State.Random.Next();
        query.Port = EphemeralPort.Draw(stack);
        query.NextAt = stack.Now + (FirstWait << query.Tries);
        query.Tries++;
        query.IsSendDue = true;
    }

    private readonly int Find(ushort port)
    {
        for (int index = 0; index < StackLimits.DnsQueryCount && Used != 0; index++)
        {
            if (Queries[index].IsAsking && Queries[index].Port == port)
            {
                return index;
            }
        }

        return -1;
    }
}
