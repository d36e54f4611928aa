using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Serves one protocol on one endpoint, for ever.</summary>
/// <remarks>
/// Every reply object but one can hold a caller that is answered later. When all of those do, such a method is refused with <see cref="Refusal.Busy"/>, so that
/// there is always one left to receive with: a server never waits for its callers.
/// </remarks>
public static class ServerLoop
{
    /// <summary>Receives and answers. Returns only when the endpoint cannot be received from.</summary>
    /// <typeparam name="TDispatch">Dispatch of the protocol.</typeparam>
    /// <typeparam name="TServer">The server.</typeparam>
    /// <param name="server">Does what it is asked.</param>
    /// <param name="endpoint">Address of the endpoint.</param>
    /// <param name="replies">The thread's reply objects: one at least.</param>
    public static SystemResult Run<TDispatch, [AllowLinear] TServer>(ref TServer server, ulong endpoint, ReplySet replies)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
    {
        ThreadBuffer.Replies = replies;
        ThreadBuffer.Bells = default;
        Exchange exchange = default;
        SystemResult result;
        bool answers = false;
        do
        {
            result = EndpointServing.Next(ref exchange, endpoint, answers, server.NextDeadline, TDispatch.TakesCapabilities);
            answers = result == SystemResult.Ok && Serve<TDispatch, TServer>(ref server, ref exchange);
            if (result is SystemResult.TimedOut or SystemResult.WouldBlock)
            {
                server.Elapsed();
            }
        }
        while (result is SystemResult.Ok or SystemResult.TimedOut or SystemResult.WouldBlock or SystemResult.Cancelled);

        return result;
    }

    // Whether there is an answer to send.
    private static bool Serve<TDispatch, [AllowLinear] TServer>(ref TServer server, ref Exchange exchange)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IServer
    {
        if (exchange.IsSignal)
        {
            server.Signalled(exchange.Badge);
            return false;
        }

        // Held before it is asked: a server may answer at once what it might have answered later.
        ref ReplySet replies = ref ThreadBuffer.Replies;
        replies.Hold(exchange.Reply);
        exchange.Refusal = TDispatch.Handle(ref server, ref exchange);
        if (exchange.AskedCapabilities != 0)
        {
            // What the server keeps it has taken out.
            ThreadBuffer.Inbox.Drop();
        }

        if (exchange.IsDeferred)
        {
            return false;
        }

        replies.Free(exchange.Reply);
        return true;
    }
}
