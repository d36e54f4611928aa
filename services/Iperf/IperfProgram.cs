using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Iperf;

/// <summary>A server for iperf3's client (docs/network.md).</summary>
public static class IperfProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        SocketLibrary sockets = default;
        SocketLibrary.Attach(ref sockets, in start);
        IperfServer server = new(start.Region("store"u8), start.TscHz);
        SocketServing.Run(ref sockets, ref server, start.Find("console"u8), start.Name);
    }
}
