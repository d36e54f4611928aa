using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pci;

/// <summary>Says on the console that a device was stopped, and why.</summary>
internal static class FaultLine
{
    /// <summary>Writes a line.</summary>
    /// <param name="console">Slot of the console; 0: there is none.</param>
    /// <param name="patienceTicks">How long it may take.</param>
    /// <param name="fault">What happened.</param>
    /// <param name="identifier">Vendor and device; 0: nothing is known to be at its place.</param>
    /// <returns>False: there is no console, or it did not take the line in time. The count stays.</returns>
    internal static bool Write(uint console, ulong patienceTicks, in DeviceFault fault, uint identifier)
    {
        if (console == ProgramSlot.Null)
        {
            return false;
        }

        TextBuffer text = default;
        text.Add("@device-fault place="u8);
        text.AddHex(fault.Place.Raw);
        text.Add(" device="u8);
        text.AddHex(identifier);
        text.Add(" address="u8);
        text.AddHex(fault.Address);
        text.Add(fault.WasRead ? " access=read reason="u8 : " access=write reason="u8);
        text.Add(fault.Reason);
        text.Add(" outcome=stopped\n"u8);
        return new ConsoleClient(console, Ipc.Now() + patienceTicks).Write(TextBuffer.View(in text), out _) == CallResult.Ok;
    }
}
