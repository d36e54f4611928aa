namespace Atoll.Kernel.Tests.Machine;

/// <summary>An access that a CPU answers with #GP, or that the manual leaves undefined.</summary>
internal sealed class ProtectionFaultException(string message) : Exception(message);

/// <summary>A local APIC in xAPIC or x2APIC mode, strict about what the manual forbids.</summary>
/// <remarks>
/// Sources: Intel SDM Vol. 3A, "Local APIC Register Address Map", "x2APIC Register Address Space", "x2APIC State
/// Transitions",
/// "Interrupt Command Register (ICR)".
/// </remarks>
internal sealed class ApicModel
{
    private const ulong GlobalEnable = 1UL << 11;
    private const ulong Extended = 1UL << 10;
    private readonly Dictionary<uint, uint> _registers = [];

    /// <summary>IA32_APIC_BASE: after reset, of the boot processor.</summary>
    public ulong Base { get; set; } = 0xFEE0_0000 | GlobalEnable | (1UL << 8);

    /// <summary>Identifier: bits 31:24 of the register in xAPIC mode, all 32 in x2APIC mode.</summary>
    public uint Id { get; init; }

    /// <summary>Register writes in order: offset in the xAPIC page, value.</summary>
    public List<(uint Offset, ulong Value)> Writes { get; } = [];

    /// <summary>Version register: integrated APIC whose last local vector is the sixth (number 5), as QEMU's.</summary>
    public ApicModel() => _registers[0x30] = 0x5_0014;

    /// <summary>Interrupts sent: destination, low half of the command.</summary>
    public List<(uint Destination, uint Command)> Sent { get; } = [];

    /// <summary>Reads of the command register, after each interrupt sent, that find it pending.</summary>
    public int PendingLooks { get; set; }

    /// <summary>Vectors in service.</summary>
    public HashSet<byte> InService { get; } = [];

    /// <summary>Ends of interrupt written.</summary>
    public int EndsOfInterrupt { get; private set; }

    /// <summary>Whether x2APIC mode is on.</summary>
    public bool IsExtended => (Base & (GlobalEnable | Extended)) == (GlobalEnable | Extended);

    private int _looksLeft;

    /// <summary>WRMSR to IA32_APIC_BASE.</summary>
    public void WriteBase(ulong value)
    {
        bool toInvalid = (value & Extended) != 0 && (value & GlobalEnable) == 0;
        bool fromOff = (Base & GlobalEnable) == 0 && (value & Extended) != 0;
        bool backwards = IsExtended && (value & GlobalEnable) != 0 && (value & Extended) == 0;
        if (toInvalid || fromOff || backwards)
        {
            throw new ProtectionFaultException($"IA32_APIC_BASE from 0x{Base:x} to 0x{value:x}");
        }

        Base = value;
    }

    /// <summary>RDMSR of an x2APIC register.</summary>
    public ulong ReadMsr(uint register)
    {
        RequireMode(extended: true);
        return Read((register - 0x800) * 16);
    }

    /// <summary>WRMSR of an x2APIC register.</summary>
    public void WriteMsr(uint register, ulong value)
    {
        RequireMode(extended: true);
        uint offset = (register - 0x800) * 16;
        if (offset is 0x20 or 0x310 or 0x390 or (>= 0x100 and <= 0x170) || (offset == 0xB0 && value != 0))
        {
            throw new ProtectionFaultException($"WRMSR 0x{register:x}");
        }

        Writes.Add((offset, value));
        if (offset == 0x300)
        {
            Sent.Add(((uint)(value >> 32), (uint)value));
            return;
        }

        Store(offset, (uint)value);
    }

    /// <summary>A read in the register page.</summary>
    public uint ReadPage(uint offset)
    {
        RequireMode(extended: false);
        return Read(offset);
    }

    /// <summary>A write in the register page.</summary>
    public void WritePage(uint offset, uint value)
    {
        RequireMode(extended: false);
        Writes.Add((offset, value));
        if (offset == 0x300)
        {
            Assert.Equal(0, _looksLeft);
            Sent.Add((_registers.GetValueOrDefault(0x310u) >> 24, value));
            _looksLeft = PendingLooks;
        }

        Store(offset, value);
    }

    /// <summary>What was last written to a register.</summary>
    public uint Register(uint offset) => _registers.GetValueOrDefault(offset);

    /// <summary>Sets what a register reads as.</summary>
    public void SetRegister(uint offset, uint value) => _registers[offset] = value;

    private void Store(uint offset, uint value)
    {
        _registers[offset] = value;
        if (offset == 0xB0)
        {
            EndsOfInterrupt++;
            InService.Remove(InService.DefaultIfEmpty().Max());
        }
    }

    private uint Read(uint offset)
    {
        switch (offset)
        {
            case 0x20:
                return IsExtended ? Id : Id << 24;
            case 0x300 when _looksLeft > 0:
                _looksLeft--;
                return Register(0x300) | (1u << 12);
            case >= 0x100 and <= 0x170:
                uint first = (offset - 0x100) / 16 * 32;
                return InService.Where(vector => vector / 32 * 32 == first)
                    .Aggregate(0u, (bits, vector) => bits | (1u << (vector % 32)));
            default:
                return Register(offset);
        }
    }

    private void RequireMode(bool extended)
    {
        if (IsExtended != extended || (Base & GlobalEnable) == 0)
        {
            throw new ProtectionFaultException(
                extended ? "x2APIC register outside x2APIC mode" : "register page in x2APIC mode");
        }
    }
}
