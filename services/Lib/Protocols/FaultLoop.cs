using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A server that watches over programs, too: the kernel's messages about their faults come through its endpoint.</summary>
public interface IFaultServer : IServer
{
    /// <summary>A program has stopped.</summary>
    /// <param name="program">Its position in the system: the badge says so, and the kernel vouches for badges.</param>
    /// <param name="message">What the kernel says.</param>
    void Stopped(uint program, in FaultMessage message);
}

/// <summary>Serves one protocol and hears of faults on one endpoint, for ever.</summary>
/// <remarks>
/// Only the kernel's badge for faults has <see cref="FaultBadge.Bit"/>: no client can say that another has faulted. A fault is not answered: its thread waits until
/// it is taken away. Nobody is answered later either.
/// </remarks>
public static class FaultLoop
{
    /// <summary>Receives and answers. Returns only when the endpoint cannot be received from.</summary>
    /// <typeparam name="TDispatch">Dispatch of the protocol.</typeparam>
    /// <typeparam name="TServer">The server.</typeparam>
    /// <param name="server">Does what it is asked, and hears of faults.</param>
    /// <param name="endpoint">Address of the endpoint.</param>
    /// <param name="reply">A reply object.</param>
    public static SystemResult Run<TDispatch, [AllowLinear] TServer>(ref TServer server, ulong endpoint, uint reply)
        where TDispatch : struct, IDispatch<TServer>
        where TServer : struct, IFaultServer
    {
        ThreadBuffer.Replies = ReplySet.Of(reply, 1);
        Exchange exchange = default;
        SystemResult result;
        bool answers = false;
        do
        {
            result = EndpointServing.Next(ref exchange, endpoint, answers, server.NextDeadline, admits: false);
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
        where TServer : struct, IFaultServer
    {
        if (exchange.IsSignal)
        {
            server.Signalled(exchange.Badge);
            return false;
        }

        if ((exchange.Badge & FaultBadge.Bit) != 0)
        {
            server.Stopped(FaultBadge.Program(exchange.Badge), FaultMessage.Of(ref exchange));
            return false;
        }

        exchange.Refusal = TDispatch.Handle(ref server, ref exchange);
        return true;
    }
}
