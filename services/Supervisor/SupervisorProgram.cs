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
        server.HearOfOthers();
        _ = FaultLoop.Run<WatchDispatch<SupervisorServer>, SupervisorServer>(ref server, start.Find("faults"u8), start.Replies.First);
    }
}
