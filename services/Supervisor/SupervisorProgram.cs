using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>Watches over the programs of its core.</summary>
public static class SupervisorProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        SupervisorServer server = new(in start);
        Serve(ref server, start.Find("faults"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }

    // Faults and questions come through one endpoint. Only the kernel's badge for faults has its bit: no client can say that another has faulted.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Serve(ref SupervisorServer server, uint endpoint, ReplySet replies)
    {
        ThreadBuffer.Replies = replies;
        Exchange exchange = default;
        bool answers = false;
        while (EndpointServing.Next(ref exchange, endpoint, answers, Deadline.Never) == SystemResult.Ok)
        {
            answers = !exchange.IsSignal && (exchange.Badge & FaultBadge.Bit) == 0;
            if (answers)
            {
                exchange.Refusal = WatchDispatch<SupervisorServer>.Handle(ref server, ref exchange);
            }
            else if (!exchange.IsSignal)
            {
                server.Stopped(FaultBadge.Program(exchange.Badge), FaultMessage.Of(ref exchange));
            }
        }
    }
}
