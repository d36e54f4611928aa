using System;
using Atoll.Base;
using Atoll.Console;
using Atoll.Coordinator;
using Atoll.Firmware;

namespace Atoll.Boot;

/// <summary>Boots that cannot go on because of what loader, firmware or command line say.</summary>
public static class TableFailure
{
    /// <summary>The loader's tables are wrong.</summary>
    public static void Stop(FirmwareMapResult result) => BootFailure.Stop(
        result switch
        {
            FirmwareMapResult.NoStartInfo => "the loader passed no PVH start info of version 1; boot by PVH (QEMU: -kernel, and a command line below 4 KiB)"u8,
            FirmwareMapResult.NoMemoryMap => "the loader's memory map is missing, unreachable or too long; use another loader or firmware"u8,
            FirmwareMapResult.BadModuleList => "the loader's module list is unreachable or names memory that cannot be; check -initrd"u8,
            FirmwareMapResult.TooManyRanges => "the memory map has too many pieces (Limits.MemoryRangesMax)"u8,
            FirmwareMapResult.NoStartPage => "the page at 0x8000, where other cores start, is not usable memory on this machine"u8,
            FirmwareMapResult.Read => default,
            _ => default,
        },
        "memory-map"u8);

    /// <summary>The firmware's tables are wrong.</summary>
    public static void Stop(AcpiResult result) => BootFailure.Stop(
        result switch
        {
            AcpiResult.NoRsdp => "no valid ACPI RSDP from the loader; boot with ACPI on"u8,
            AcpiResult.BadRootTable => "the ACPI root table (RSDT or XSDT) is unreachable or corrupt"u8,
            AcpiResult.NoMadt => "no valid ACPI MADT (table APIC): the cores cannot be found"u8,
            AcpiResult.BadMadtEntry => "the ACPI MADT is corrupt: an entry has an impossible length"u8,
            AcpiResult.BootCoreNotListed => "the ACPI MADT does not list the core that is running"u8,
            AcpiResult.Found => default,
            _ => default,
        },
        "acpi"u8);

    /// <summary>The bundle is wrong.</summary>
    public static void Stop(BundleResult result) => BootFailure.Stop(
        result switch
        {
            BundleResult.NotABundle => "the loader's first module is no bundle of this version, or is cut off; make it with this build and pass it by -initrd"u8,
            BundleResult.NoInit => "the bundle has no program called 'init'; make it of a system description"u8,
            BundleResult.Found => default,
            BundleResult.NoModule => default,
            _ => default,
        },
        "bundle"u8);

    /// <summary>The command line is wrong.</summary>
    public static void Stop(ParameterResult result, ReadOnlySpan<byte> word)
    {
        ReadOnlySpan<byte> line = result switch
        {
            ParameterResult.NotAPair => "' is not of the form name=value"u8,
            ParameterResult.UnknownName => "' is unknown to this image; docs/serial.md lists the parameters, and those that only the image for tests knows"u8,
            ParameterResult.BadValue => "' has a value that is malformed or out of range; docs/serial.md lists the parameters"u8,
            ParameterResult.Decoded => default,
            _ => default,
        };
        Check.That(line.Length != 0);
        SerialConsole.Text("atoll: boot parameter '"u8);
        SerialConsole.Untrusted(word);
        SerialConsole.Line(line);
        Verdict.Fail("boot-parameter"u8);
    }
}
