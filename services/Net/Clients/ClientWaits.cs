using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>Clients that wait: for an event of a socket of theirs, or for the address of a name.</summary>
internal static class ClientWaits
{
    /// <summary>When somebody has waited long enough.</summary>
    internal static ulong NextDeadline(ref readonly SocketClients clients)
    {
        ulong next = Deadline.Never;
        for (int client = 0; client < clients.Count; client++)
        {
            ref readonly ClientEntry entry = ref SocketClients.View(in clients, client);
            next = (entry.Waiter | entry.Pinger) != 0 && entry.WaitsUntil < next ? entry.WaitsUntil : next;
        }

        return next;
    }

    /// <summary>Whoever's socket something happened to hears of it, or will when it asks.</summary>
    internal static void TellEvents(ref SocketClients clients, in NetStack stack, ref SocketTable sockets)
    {
        while (stack.TryNextEvent(out SocketHandle socket))
        {
            if (SocketTable.TryMark(ref sockets, socket, out byte owner))
            {
                _ = TryAnswer(ref SocketClients.At(ref clients, owner), owner, stack, ref sockets);
            }
        }
    }

    /// <summary>Who has waited long enough hears that, and who asked for a name its address.</summary>
    internal static void TellTimes(ref SocketClients clients, in NetStack stack)
    {
        ulong now = Ipc.Now();
        for (int client = 0; client < clients.Count; client++)
        {
            ref ClientEntry entry = ref SocketClients.At(ref clients, client);
            if (entry.Waiter != 0 && entry.WaitsUntil <= now)
            {
                _ = SocketsReply.Wait(entry.Waiter, SocketAnswer.WouldBlock, 0, SocketEvents.None);
                entry.Waiter = 0;
            }

            AnswerAsker(stack, ref entry);
            AnswerPinger(stack, ref entry, now);
        }
    }

    /// <summary>Answers a client that waits, if something has happened to a socket of its.</summary>
    internal static bool TryAnswer(ref ClientEntry entry, byte client, in NetStack stack, ref SocketTable sockets)
    {
        while (entry.Waiter != 0 && SocketTable.TryTakeMarked(ref sockets, client, ref entry.NextEvent, out SocketHandle socket))
        {
            SocketEvents events = SocketAnswers.EventsOf(stack, socket);
            if (events != SocketEvents.None)
            {
                uint waiter = entry.Waiter;
                entry.Waiter = 0;
                return SocketsReply.Wait(waiter, SocketAnswer.Done, socket.Value, events) == SystemResult.Ok;
            }
        }

        return false;
    }

    /// <summary>Who waits hears that nobody knows it any more.</summary>
    internal static void Cancel(ref ClientEntry entry, in NetStack stack)
    {
        if (entry.Waiter != 0)
        {
            _ = SocketsReply.Wait(entry.Waiter, SocketAnswer.NoClient, 0, SocketEvents.None);
            entry.Waiter = 0;
        }

        CancelQuestion(ref entry, stack);
    }

    /// <summary>The same of who waits for the address of a name.</summary>
    internal static void CancelQuestion(ref ClientEntry entry, in NetStack stack)
    {
        if (entry.Asker != 0)
        {
            NameResolver.Release(stack, entry.Question);
            _ = SocketsReply.Resolve(entry.Asker, SocketAnswer.NoClient, 0);
            entry.Asker = 0;
        }
    }

    /// <summary>Who asked before, and is asked for no more since it asks anew, hears that it waits in vain.</summary>
    internal static void CancelPing(ref ClientEntry entry, in NetStack stack)
    {
        if (entry.Pinger != 0)
        {
            EchoClient.Release(stack, entry.Ping);
            _ = SocketsReply.Ping(entry.Pinger, SocketAnswer.TimedOut, 0);
            entry.Pinger = 0;
        }
    }

    private static void AnswerPinger(in NetStack stack, ref ClientEntry entry, ulong now)
    {
        if (entry.Pinger == 0)
        {
            return;
        }

        if (EchoClient.Poll(stack, entry.Ping, out ulong took) == SocketResult.Done)
        {
            EchoClient.Release(stack, entry.Ping);
            _ = SocketsReply.Ping(entry.Pinger, SocketAnswer.Done, took);
            entry.Pinger = 0;
        }
        else if (entry.WaitsUntil <= now)
        {
            CancelPing(ref entry, stack);
        }
    }

    private static void AnswerAsker(in NetStack stack, ref ClientEntry entry)
    {
        if (entry.Asker == 0)
        {
            return;
        }

        NameResult found = NameResolver.Poll(stack, entry.Question, out Ipv4Address address, out _);
        if (found != NameResult.Waiting)
        {
            NameResolver.Release(stack, entry.Question);
            _ = SocketsReply.Resolve(entry.Asker, SocketAnswers.Of(found), address.Value);
            entry.Asker = 0;
        }
    }
}
