using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>The machine around a core that runs programs: a clock that stands still until the test moves it, an I/O APIC, ports.</summary>
/// <remarks>Source: Intel 82093AA I/O Advanced Programmable Interrupt Controller, "Internal Registers".</remarks>
public sealed class ProgramCore : SimulatedMachine
{
    /// <summary>Lines of the I/O APIC.</summary>
    public const uint Lines = 24;

    private const uint MaskBit = 1u << 16;
    private readonly uint[] _redirections = new uint[2 * Lines];
    private uint _selected;

    /// <summary>Time-stamp counter.</summary>
    public ulong Now { get; set; }

    /// <summary>What was written to ports, the last 16.</summary>
    public Queue<(ushort Port, byte Value)> PortWrites { get; } = new();

    /// <summary>Whether a line is held.</summary>
    public bool IsMasked(uint line) => (_redirections[2 * line] & MaskBit) != 0;

    /// <summary>Vector that a line comes as.</summary>
    public byte VectorOf(uint line) => (byte)_redirections[2 * line];

    /// <summary>EDX of CPUID leaf 80000001H.</summary>
    public uint ExtendedFeatures { get; set; }

    public override CpuidResult Cpuid(uint leaf, uint subleaf) =>
        leaf == 0x8000_0001 ? new CpuidResult { Edx = ExtendedFeatures } : default;

    public override ulong ReadTsc() => Now;

    public override void WritePort(ushort port, byte value)
    {
        PortWrites.Enqueue((port, value));
        if (PortWrites.Count > 16)
        {
            PortWrites.Dequeue();
        }
    }

    public override uint ReadMmio(ulong address) => _selected switch
    {
        _ when address != ImageLayout.IoApicPage + 0x10 => throw new NotSupportedException($"register 0x{address:x}"),
        1 => (Lines - 1) << 16,
        _ => _redirections[_selected - 0x10],
    };

    public override void WriteMmio(ulong address, uint value)
    {
        if (address == ImageLayout.IoApicPage)
        {
            _selected = value;
        }
        else if (address == ImageLayout.IoApicPage + 0x10)
        {
            _redirections[_selected - 0x10] = value;
        }
        else
        {
            throw new NotSupportedException($"register 0x{address:x}");
        }
    }

    public override void InvalidatePage(ulong virtualAddress)
    {
        // Who simulates programs looks at no page.
    }
}
