using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Http;

/// <summary>Shows the machine over HTTP (docs/http.md).</summary>
public static class HttpProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        SocketLibrary sockets = default;
        SocketLibrary.Attach(ref sockets, in start);
        OtherCores others = new(start.Region("store"u8), in start);
        LiveMachine machine = new(in start, in others);
        HttpService service = new(start.Region("store"u8), in machine, in others, start.Find("clock"u8), start.TscHz);
        SocketServing.Run(ref sockets, ref service, start.Find("console"u8), start.Name);
    }
}
