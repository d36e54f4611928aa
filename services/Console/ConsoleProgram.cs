using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Console;

/// <summary>The console: the serial line as a person at a terminal sees it.</summary>
public static class ConsoleProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (!start.TryFind("uart"u8, out GrantRecord ports))
        {
            ProgramExit.End(1);
        }

        UartDriver uart = new(in ports, start.Find("uart-line"u8));
        ConsoleServer server = new(in uart);
        _ = ServerLoop.Run<ConsoleDispatch<ConsoleServer>, ConsoleServer>(
            ref server, start.Find("clients"u8), ReplySet.Of(start.Replies.First, start.Replies.Count));
    }
}
