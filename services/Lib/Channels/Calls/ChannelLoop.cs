using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Serves one protocol to clients of this and other cores, over a channel to each, for ever.</summary>
/// <remarks>
/// The same server and the same generated code as on an endpoint (<see cref="ServerLoop"/>). Nobody can be made to wait for an answer: a method that is answered later is refused with
/// <see cref="Refusal.Busy"/>. Clients are served in turn, one question each.
/// </remarks>
public static class ChannelLoop
{
    /// <summary>Receives and answers. Returns only when the program's notification cannot be waited for.</summary>
    /// <typeparam name="TDispatch">Dispatch of the protocol.</typeparam>
    /// <typeparam name="TServer">The server.</typeparam>
    /// <typeparam name="TCallers">Array of its clients.</typeparam>
    /// <param name="server">Does what it is asked. Its <see cref="IServer.Signalled"/> hears of the channels' signals, too.</param>
    /// <param name="callers">Its clients: one at least.</param>
    public static SystemResult Run<TDispatch, [AllowLinear] TServer, [AllowLinear] TCallers>(ref TServer server, ref TCallers callers)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
        where TCallers : struct, IChannelCallers<TCallers>
    {
        Exchange exchange = default;
        ulong notification = TCallers.At(ref callers, 0).Channel.Notification;
        SystemResult result;
        do
        {
            Look(ref callers);
            while (Serve<TDispatch, TServer, TCallers>(ref server, ref exchange, ref callers))
            {
            }

            result = Rest(ref callers) ? Wait(ref server, notification) : SystemResult.Ok;
        }
        while (result is SystemResult.Ok or SystemResult.TimedOut or SystemResult.Cancelled);

        return result;
    }

    private static void Look<[AllowLinear] TCallers>(ref TCallers callers)
        where TCallers : struct, IChannelCallers<TCallers>
    {
        for (int index = 0; index < TCallers.Count; index++)
        {
            TCallers.At(ref callers, index).Look();
        }
    }

    private static bool Serve<TDispatch, [AllowLinear] TServer, [AllowLinear] TCallers>(ref TServer server, ref Exchange exchange, ref TCallers callers)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
        where TCallers : struct, IChannelCallers<TCallers>
    {
        bool any = false;
        for (int index = 0; index < TCallers.Count; index++)
        {
            any |= TCallers.At(ref callers, index).Serve<TDispatch, TServer>(ref server, ref exchange);
            TCallers.At(ref callers, index).Channel.EndTurn();
        }

        return any;
    }

    // Every client is told that this end sleeps, also when one has something to say again: that one keeps it awake.
    private static bool Rest<[AllowLinear] TCallers>(ref TCallers callers)
        where TCallers : struct, IChannelCallers<TCallers>
    {
        bool rests = true;
        for (int index = 0; index < TCallers.Count; index++)
        {
            rests &= TCallers.At(ref callers, index).TryRest();
        }

        return rests;
    }

    private static SystemResult Wait<[AllowLinear] TServer>(ref TServer server, ulong notification)
        where TServer : struct, IServer
    {
        ulong deadline = server.NextDeadline;
        SystemResult result = Ipc.Receive(notification, 0, out Message message, Deadline.Flags(deadline), deadline);
        if (result == SystemResult.Ok)
        {
            server.Signalled(message.Badge);
        }
        else if (result == SystemResult.TimedOut)
        {
            server.Elapsed();
        }

        return result;
    }
}
