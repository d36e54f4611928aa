using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>The I/O APIC: which interrupt line of a device goes to which core, as which vector.</summary>
/// <remarks>Source: Intel 82093AA I/O Advanced Programmable Interrupt Controller, "Internal Registers". Zeroed memory is one without lines.</remarks>
public struct IoApic
{
    private const ulong SelectOffset = 0x00;
    private const ulong WindowOffset = 0x10;
    private const uint VersionRegister = 1;
    private const uint FirstRedirection = 0x10;
    private const uint Masked = 1u << 16;
    private const uint LevelTriggered = 1u << 15;
    private const uint ActiveLow = 1u << 13;
    private const int DestinationShift = 24;

    private uint _count;

    /// <summary>Lines that it has.</summary>
    public readonly uint Count => _count;

    /// <summary>Looks at the one whose registers are mapped at <see cref="ImageLayout.IoApicPage"/>, and masks all its lines.</summary>
    public static IoApic Open()
    {
        IoApic apic = default;
        apic._count = ((apic.Read(VersionRegister) >> 16) & 0xFF) + 1;
        for (uint line = 0; line < apic._count; line++)
        {
            apic.Write(FirstRedirection + (2 * line), Masked);
        }

        return apic;
    }

    /// <summary>Sends a line to a core. It stays masked.</summary>
    /// <param name="line">Below <see cref="Count"/>.</param>
    /// <param name="vector">As which vector.</param>
    /// <param name="apicId">To which core; 8 bits.</param>
    /// <param name="trigger">Bit 0: level-triggered; bit 1: active low.</param>
    public readonly void Route(uint line, byte vector, uint apicId, uint trigger)
    {
        uint low = vector | Masked | ((trigger & 1) != 0 ? LevelTriggered : 0) | ((trigger & 2) != 0 ? ActiveLow : 0);
        Write(FirstRedirection + (2 * line) + 1, apicId << DestinationShift);
        Write(FirstRedirection + (2 * line), low);
    }

    /// <summary>Lets a line through, or holds it.</summary>
    public readonly void SetMask(uint line, bool isMasked)
    {
        uint register = FirstRedirection + (2 * line);
        uint low = Read(register);
        Write(register, isMasked ? low | Masked : low & ~Masked);
    }

    private readonly uint Read(uint register)
    {
        Mmio.Write32(ImageLayout.IoApicPage + SelectOffset, register);
        return Mmio.Read32(ImageLayout.IoApicPage + WindowOffset);
    }

    private readonly void Write(uint register, uint value)
    {
        Mmio.Write32(ImageLayout.IoApicPage + SelectOffset, register);
        Mmio.Write32(ImageLayout.IoApicPage + WindowOffset, value);
    }
}

/// <summary>Message-signalled interrupts: what a device writes where.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "Message Signalled Interrupts".</remarks>
public static class MessageInterrupt
{
    private const ulong AddressBase = 0xFEE0_0000;

    /// <summary>Address that reaches a core.</summary>
    public static ulong AddressFor(uint apicId) => AddressBase | (apicId << 12);

    /// <summary>Data for a vector: fixed delivery, edge.</summary>
    public static ulong DataFor(byte vector) => vector;
}
