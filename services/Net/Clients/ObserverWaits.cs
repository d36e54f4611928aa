using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>Observers that wait: for a host to answer, or for the address of a name.</summary>
internal static class ObserverWaits
{
    /// <summary>When somebody has waited long enough.</summary>
    internal static ulong NextDeadline(ref readonly ObserverTable observers)
    {
        ulong next = Deadline.Never;
        for (int index = 0; index < observers.Count; index++)
        {
            ref readonly ObserverEntry entry = ref ObserverTable.View(in observers, index);
            next = entry.Pinger != 0 && entry.WaitsUntil < next ? entry.WaitsUntil : next;
        }

        return next;
    }

    /// <summary>Answers who has waited long enough, and whose answer has come.</summary>
    internal static void Tell(ref ObserverTable observers, in NetStack stack, ulong now)
    {
        for (int index = 0; index < observers.Count; index++)
        {
            ref ObserverEntry entry = ref ObserverTable.At(ref observers, index);
            AnswerAsker(stack, ref entry);
            AnswerPinger(stack, ref entry, now);
        }
    }

    /// <summary>Who asked for a name before, and asks anew, hears that it waits in vain.</summary>
    internal static void CancelQuestion(ref ObserverEntry entry, in NetStack stack)
    {
        if (entry.Asker != 0)
        {
            NameResolver.Release(stack, entry.Question);
            _ = NetworkReply.Resolve(entry.Asker, SocketAnswer.TimedOut, 0);
            entry.Asker = 0;
        }
    }

    /// <summary>The same of who waits for a host.</summary>
    internal static void CancelPing(ref ObserverEntry entry, in NetStack stack)
    {
        if (entry.Pinger != 0)
        {
            EchoClient.Release(stack, entry.Ping);
            _ = NetworkReply.Ping(entry.Pinger, SocketAnswer.TimedOut, 0);
            entry.Pinger = 0;
        }
    }

    private static void AnswerPinger(in NetStack stack, ref ObserverEntry entry, ulong now)
    {
        if (entry.Pinger == 0)
        {
            return;
        }

        if (EchoClient.Poll(stack, entry.Ping, out ulong took) == SocketResult.Done)
        {
            EchoClient.Release(stack, entry.Ping);
            _ = NetworkReply.Ping(entry.Pinger, SocketAnswer.Done, took);
            entry.Pinger = 0;
        }
        else if (entry.WaitsUntil <= now)
        {
            CancelPing(ref entry, stack);
        }
    }

    private static void AnswerAsker(in NetStack stack, ref ObserverEntry entry)
    {
        if (entry.Asker == 0)
        {
            return;
        }

        NameResult found = NameResolver.Poll(stack, entry.Question, out Ipv4Address address, out _);
        if (found != NameResult.Waiting)
        {
            NameResolver.Release(stack, entry.Question);
            _ = NetworkReply.Resolve(entry.Asker, SocketAnswers.Of(found), address.Value);
            entry.Asker = 0;
        }
    }
}
