using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Echo;

/// <summary>Sends back what comes over the network: the smallest program with sockets (docs/network.md).</summary>
public static class EchoProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        SocketLibrary sockets = default;
        SocketLibrary.Attach(ref sockets, in start);
        EchoServer server = new(start.Region("store"u8));
        SocketServing.Run(ref sockets, ref server, start.Find("console"u8), start.Name);
    }
}
