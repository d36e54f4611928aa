using System;
using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Console;

/// <summary>The last line of a run. Ends the emulator; on a machine without the exit device the core parks.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Verdict
{
    /// <summary>Every check held.</summary>
    public static void Pass()
    {
        SerialRecord.Begin("verdict"u8);
        SerialRecord.Word("result"u8, "pass"u8);
        SerialRecord.End();
        End(ImageLayout.ExitPassed);
    }

    /// <summary>Something failed.</summary>
    /// <param name="reason">One word for programs. A line for people goes before.</param>
    public static void Fail(ReadOnlySpan<byte> reason)
    {
        SerialRecord.Begin("verdict"u8);
        SerialRecord.Word("result"u8, "fail"u8);
        SerialRecord.Word("reason"u8, reason);
        SerialRecord.End();
        End(ImageLayout.ExitFailed);
    }

    [Trusted(Safety = "The end of the run: nobody is left here who could be kept waiting.")]
    private static void End(byte code)
    {
        DebugExit.Write(code);
        while (true)
        {
            Cpu.DisableInterrupts();
            Cpu.Halt();
        }
    }
}
