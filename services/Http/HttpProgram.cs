using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>Shows the machine over HTTP (docs/http.md).</summary>
public static class HttpProgram
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
        ConsoleClient console = new(start.Find("console"u8));
        UntypedMemory own = new(start.Find("own"u8));
        LiveMachine machine = new(in start);

        // A stack that dies is started again by policy or by hand, and a call waits for that: only one that dies at once each time ends this.
        int failures = 0;
        while (failures < FailuresMax)
        {
            SocketResult result = SocketLibrary.Begin(in start, own, ref life, out SocketLibrary sockets);
            if (result == SocketResult.Done)
            {
                failures = 0;
                HttpService service = new(in sockets, start.Region("store"u8), in machine, start.TscHz);
                result = service.Begin(Date(in start));
                Say(console, result == SocketResult.Done ? "http: listening\n"u8 : "http: the port is taken, or the store too small\n"u8);
                result = result == SocketResult.Done ? service.Run() : result;
                Say(console, "http: the stack is gone\n"u8);
            }

            failures += result is SocketResult.StackDead or SocketResult.NotBegun ? 1 : FailuresMax;
        }

        life.Free();
        ProgramExit.End(StackMissing);
    }

    private static ulong Date(in ProgramStart start)
    {
        uint clock = start.Find("clock"u8);
        return clock != ProgramSlot.Null && new ClockClient(clock).Date(out ulong seconds) == CallResult.Ok ? seconds : 0;
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> words)
    {
        if (console.Write(words, out _) != CallResult.Ok)
        {
            ProgramExit.End(ConsoleMissing);
        }
    }
}
