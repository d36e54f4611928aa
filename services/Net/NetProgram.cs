using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>One TCP/IP stack, for programs that hold a capability for it (docs/network.md).</summary>
public static class NetProgram
{
    private const byte NeedsMissing = 1;
    private const byte ArgumentsUnclear = 2;
    private const byte SettingsInvalid = 3;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        NetMemory memory = default;
        if (!start.TryFind("slots"u8, out GrantRecord slots) || !start.TryFind("link"u8, out memory.Link))
        {
            ProgramExit.End(NeedsMissing);
        }

        // The last slots are planned by hand; those before go one by one.
        SlotRow row = Inbox.Open(in slots);
        uint end = slots.Slot + 1 + (uint)slots.Argument;
        memory.Pools = start.Region("pools"u8);
        memory.Space = start.Find("space"u8);
        memory.Watch = start.Find("watch"u8);
        memory.Node = new CNodeTable(slots.Slot);
        memory.FirstLife = end - ClientTable.Most;
        memory.TscHz = start.TscHz;
        memory.Key = NetMemory.DrawKey();
        NetArguments setup = default;
        AreaTable areas = AreaTable.Of(in start);
        if (!setup.TryRead(start.Arguments, in areas, ref memory.Clients))
        {
            ProgramExit.End(ArgumentsUnclear);
        }

        NetServer server = default;
        if (!server.Begin(in setup, in memory, row.Take(), row.Take()))
        {
            ProgramExit.End(SettingsInvalid);
        }

        _ = SocketsDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
