using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <summary>Channels by name, for the programs of a core: who may listen under which name is in the arguments that the system gives (docs/connections.md).</summary>
public static class SwitchboardProgram
{
    private const byte NeedsMissing = 1;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        SwitchboardServer server = default;
        if (!server.Begin(in start))
        {
            ProgramExit.End(NeedsMissing);
        }

        _ = ConnectDispatch.Run(ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
