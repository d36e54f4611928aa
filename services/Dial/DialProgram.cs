using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Dial;

/// <summary>Programs that connect by name. With <c>serve</c> it listens; with <c>tell</c> it listens for what callers have seen, and says it; with <c>fail</c> it connects and fails; with a number it connects so often.</summary>
public static class DialProgram
{
    private const int FarBehind = 4096;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        _ = start.TryFind("slots"u8, out GrantRecord given);
        SlotRow row = Inbox.Open(in given);
        DialSlots slots = new(in start, in given);
        OwnSlot slot = row.Take();
        OwnSlot other = row.Take();
        if (ArgumentReader.TryNumber(start.Arguments, out ulong rounds))
        {
            DialCaller caller = new(in slots);
            caller.Run(ref slot, ref other, (uint)rounds);
        }
        else if (Text.AreEqual(start.Arguments, "fail"u8))
        {
            DialCaller caller = new(in slots);
            caller.Begin(ref slot);
            ProgramExit.End(Index("a failed check"u8, FarBehind));
        }
        else
        {
            Serve(in start, in slots, ref slot, ref other);
        }

        slot.Leave();
        other.Leave();
        ProgramExit.End(0);
    }

    private static void Serve(in ProgramStart start, in DialSlots slots, ref OwnSlot slot, ref OwnSlot other)
    {
        DialServer server = new(in slots, start.Region("ends"u8));
        server.Run(ref slot, ref other, new ConsoleClient(start.Find("console"u8)), Text.AreEqual(start.Arguments, "tell"u8));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
