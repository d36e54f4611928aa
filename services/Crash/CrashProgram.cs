using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Crash;

/// <summary>A program that makes the mistake that its arguments name, so that everybody can see what follows: a report, and another start.</summary>
public static class CrashProgram
{
    private const int FarBehind = 4096;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        if (Text.AreEqual(start.Arguments, "quiet"u8))
        {
            ProgramExit.End(0);
        }

        if (Text.AreEqual(start.Arguments, "silent"u8))
        {
            Write();
        }

        ConsoleClient console = new(start.Find("console"u8));
        TextBuffer text = default;
        text.Add("crash: start "u8);
        text.Add(start.Restarts + 1);
        text.Add(", about to fail by '"u8);
        text.Add(start.Arguments);
        text.Add("'\n"u8);
        CallResult written = console.Write(TextBuffer.View(in text), out _);
        if (written != CallResult.Ok)
        {
            ProgramExit.End(1);
        }

        Fail(start.Arguments);
        ProgramExit.End(2);
    }

    private static void Fail(ReadOnlySpan<byte> how)
    {
        if (Text.AreEqual(how, "index"u8))
        {
            ProgramExit.End(Index(how, FarBehind));
        }

        if (Text.AreEqual(how, "address"u8))
        {
            Write();
        }
    }

    // A failed check: an undefined instruction.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];

    // Where nothing is mapped: a page fault.
    [Trusted(Safety = "None: the fault is the purpose of this program, which has no other.")]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Write() => *(ulong*)0xDEAD_0000 = 1;
}
