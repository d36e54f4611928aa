namespace Atoll.Abi;

/// <summary>The badge of a driver's capability for its device: who calls, and for which device. Init writes it, so no driver can ask for another's.</summary>
/// <remarks>
/// Bits 0–15: the program's position in the system and one, as in the badge of any channel. Bits 16–31: which of several of a kind. Bits 32–47: vendor,
/// 48–63: device (PCI Local Bus Specification 3.0, "Device Identification").
/// </remarks>
/// <param name="raw">The word.</param>
public readonly struct DeviceBadge(ulong raw)
{
    private const int WhichShift = 16;
    private const int IdentifierShift = 32;

    /// <summary>The word.</summary>
    public readonly ulong Raw = raw;

    /// <summary>Whether a device belongs to it: no device has vendor and device 0.</summary>
    public bool HasDevice => Identifier != 0;

    /// <summary>The caller: its position in the system and one.</summary>
    public ushort Caller => (ushort)Raw;

    /// <summary>Vendor in bits 0–15, device in 16–31: as the first register of configuration space.</summary>
    public uint Identifier => (uint)(Raw >> IdentifierShift);

    /// <summary>Which of those that have this identifier, in the order of the bus.</summary>
    public ushort Which => (ushort)(Raw >> WhichShift);

    /// <summary>Makes one.</summary>
    /// <param name="caller">The program's position in the system and one.</param>
    /// <param name="identifier">Vendor and device.</param>
    /// <param name="which">Which of several, from 0 on.</param>
    public static DeviceBadge Of(ushort caller, uint identifier, ushort which) =>
        new(caller | ((ulong)which << WhichShift) | ((ulong)identifier << IdentifierShift));
}

/// <summary>Slots of a grant of kind <see cref="GrantKind.Devices"/>: leave to make interrupts, then the pieces of device memory, and in the last the registers of the
/// machine's DMA remapping unit, where there is one.</summary>
public static class DeviceSlots
{
    /// <summary>All of them.</summary>
    public const uint Count = 16;

    /// <summary>Most pieces: from 2 GiB to the I/O APIC there are eight; a machine with more memory has a few more or less.</summary>
    public const uint PiecesMax = Count - 2;

    /// <summary>Where the unit's registers are: a page of untyped memory. On a machine without one the slot is empty.</summary>
    public const uint Remapping = Count - 1;
}
