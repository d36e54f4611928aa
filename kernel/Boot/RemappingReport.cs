using System;
using Atoll.Console;
using Atoll.Firmware;

namespace Atoll.Boot;

/// <summary>Says why no device is held to the memory that it is given, where the firmware names a unit for that and it cannot be used.</summary>
internal static class RemappingReport
{
    /// <summary>A line for people. A machine without a unit is usual, and one with a unit that is used needs no line.</summary>
    internal static void Say(RemappingResult result)
    {
        ReadOnlySpan<byte> why = result switch
        {
            RemappingResult.BadStructure => "a structure of the ACPI DMAR has an impossible length"u8,
            RemappingResult.SeveralUnits => "the ACPI DMAR shares devices out among several units"u8,
            RemappingResult.OtherSegment => "the unit of the ACPI DMAR is not for PCI segment 0"u8,
            RemappingResult.BadAddress => "the unit of the ACPI DMAR is not among the chipset's registers"u8,
            RemappingResult.Found => default,
            RemappingResult.NoUnit => default,
            _ => default,
        };
        if (why.Length != 0)
        {
            SerialConsole.Text("atoll: devices are not held to their memory: "u8);
            SerialConsole.Line(why);
        }
    }
}
