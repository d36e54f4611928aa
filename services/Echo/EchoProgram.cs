using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Protocols;

namespace Atoll.Services.Echo;

/// <summary>Sends back what comes over the network: the smallest program with sockets (docs/network.md).</summary>
public static class EchoProgram
{
    private const byte SlotsMissing = 1;
    private const byte StackMissing = 2;
    private const byte ConsoleMissing = 3;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(SlotsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        OwnSlot life = row.Take();
        ConsoleClient console = new(start.Find("console"u8));
        UntypedMemory own = new(start.Find("own"u8));
        SocketResult result;
        do
        {
            result = SocketLibrary.Begin(in start, own, ref life, out SocketLibrary sockets);
            if (result == SocketResult.Done)
            {
                EchoServer server = new(in sockets, start.Region("store"u8));
                result = server.Begin();
                Say(console, result == SocketResult.Done ? "echo: listening\n"u8 : "echo: the port is taken\n"u8);
                result = result == SocketResult.Done ? server.Run() : result;
                Say(console, "echo: the stack is gone\n"u8);
            }
        }
        while (result == SocketResult.NotBegun);

        life.Free();
        ProgramExit.End(StackMissing);
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> words)
    {
        if (console.Write(words, out _) != CallResult.Ok)
        {
            ProgramExit.End(ConsoleMissing);
        }
    }
}
