using System;
using Atoll.Base;

namespace Atoll.Console;

/// <summary>A boot that cannot go on: one line that names the cause and what to do, and a failure verdict.</summary>
public static class BootFailure
{
    /// <summary>Ends the boot.</summary>
    /// <param name="line">For people. Never empty: a result that has no line is no failure, and stopping for it is a bug.</param>
    /// <param name="reason">One word for programs.</param>
    public static void Stop(ReadOnlySpan<byte> line, ReadOnlySpan<byte> reason)
    {
        Check.That(line.Length != 0);
        SerialConsole.Text("atoll: "u8);
        SerialConsole.Line(line);
        Verdict.Fail(reason);
    }

    /// <summary>There is not enough memory.</summary>
    /// <param name="core">The core whose instance has none.</param>
    /// <param name="usableBytes">Usable memory of the machine.</param>
    public static void StopForMemory(uint core, ulong usableBytes)
    {
        SerialConsole.Text("atoll: not enough memory for the instance of core "u8);
        SerialConsole.Decimal(core);
        SerialConsole.Text(": "u8);
        SerialConsole.Decimal(usableBytes / 1024);
        SerialConsole.Line(" KiB are usable in all; give the machine more memory or start fewer cores (cores=N)"u8);
        Verdict.Fail("memory"u8);
    }
}
