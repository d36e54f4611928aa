using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>What the supervisor says about a fault: a record that the host makes a method, file and line of (docs/serial.md).</summary>
internal static class FaultReport
{
    /// <summary>Writes it to the console.</summary>
    /// <param name="console">Slot of the channel to it.</param>
    /// <param name="patienceTicks">How long it may take, in TSC ticks.</param>
    /// <param name="program">Name of the program.</param>
    /// <param name="image">Name of its image.</param>
    /// <param name="core">The core that it ran on.</param>
    /// <param name="happened">What happened.</param>
    /// <returns>False: there is none, or it did not take it in time. The event stays in the log.</returns>
    internal static bool Write(uint console, ulong patienceTicks, ReadOnlySpan<byte> program, ReadOnlySpan<byte> image, uint core, in WatchEvent happened)
    {
        if (console == ProgramSlot.Null)
        {
            return false;
        }

        TextBuffer text = default;
        text.Add("@fault program="u8);
        text.Add(program);
        text.Add(" image="u8);
        text.Add(image);
        text.Add(" kind="u8);
        text.Add(FaultNames.Of(happened.Fault));
        text.Add(" rip="u8);
        text.AddHex(happened.Rip);
        text.Add(" address="u8);
        text.AddHex(happened.Address);
        text.Add(" outcome="u8);
        text.Add(WatchNames.Of(happened.Outcome));
        text.Add(" core="u8);
        text.Add(core);
        text.Add("\n"u8);

        // The console may be what has faulted, and wait for the supervisor itself.
        return new ConsoleClient(console, Ipc.Now() + patienceTicks).Write(TextBuffer.View(in text), out _) == CallResult.Ok;
    }
}
