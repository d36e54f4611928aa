using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Coordinator;

/// <summary>Decides what becomes of the machine's cores (docs/services.md).</summary>
public static class CoordinatorProgram
{
    private const byte NeedsMissing = 1;
    private const byte ArgumentsUnclear = 2;
    private const byte WatchRefused = 3;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        CoordinatorArguments arguments = default;
        if (!arguments.TryRead(start.Arguments))
        {
            ProgramExit.End(ArgumentsUnclear);
        }

        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(NeedsMissing);
        }

        // The last slots are planned by hand.
        _ = Inbox.Open(in slots);
        uint first = slots.Slot + 1 + Inbox.Slots;
        CNodeTable node = new(slots.Slot);

        // Watched before it is looked at: nothing happens in between unnoticed.
        if (CoreWatch.Begin(in start, node, first) != SystemResult.Ok)
        {
            ProgramExit.End(WatchRefused);
        }

        CoordinatorServer server = new(new InstanceFigures(start.Find("cores"u8)), in arguments, start.Cores, start.TscHz);
        server.Begin(node, first + CoreWatch.SlotsNeeded);
        _ = CoresDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
