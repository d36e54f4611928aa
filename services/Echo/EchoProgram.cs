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
    private const int FailuresMax = 8;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (!start.TryFind("slots"u8, out GrantRecord slots))
        {
            ProgramExit.End(SlotsMissing);
        }

        SlotRow row = Inbox.Open(in slots);
        OwnSlot life = row.Take();
        uint console = start.Find("console"u8);
        UntypedMemory own = new(start.Find("own"u8));

        // While a stack is started again a call waits for it. One that was taken away fails every call at once: that ends this.
        int failures = 0;
        while (failures < FailuresMax)
        {
            SocketResult result = SocketLibrary.Begin(in start, own, ref life, out SocketLibrary sockets);
            if (result == SocketResult.Done)
            {
                failures = 0;
                EchoServer server = new(in sockets, start.Region("store"u8));
                result = server.Begin();
                Say(console, result == SocketResult.Done ? "echo: listening\n"u8 : "echo: the port is taken\n"u8);
                result = result == SocketResult.Done ? server.Run() : result;
                Say(console, NameOf(result));
            }

            failures += result is SocketResult.StackDead or SocketResult.NotBegun ? 1 : FailuresMax;
        }

        life.Free();
        ProgramExit.End(StackMissing);
    }

    // As the library calls it.
    private static ReadOnlySpan<byte> NameOf(SocketResult result) =>
        result == SocketResult.StackDead ? "echo: StackDead, all sockets are gone\n"u8
        : result == SocketResult.NotBegun ? "echo: NotBegun, all sockets are gone\n"u8
        : "echo: no more sockets\n"u8;

    // Consoles are on one core, and this may be another.
    private static void Say(uint console, ReadOnlySpan<byte> words)
    {
        if (console != ProgramSlot.Null && new ConsoleClient(console).Write(words, out _) != CallResult.Ok)
        {
            ProgramExit.End(ConsoleMissing);
        }
    }
}
