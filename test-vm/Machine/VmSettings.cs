using System.Globalization;

namespace Atoll.TestVm.Machine;

/// <summary>One boot of one image under QEMU, described by data alone so that a failure can be replayed.</summary>
public sealed record VmSettings
{
    // docs/image.md, "Addresses": where the image is mapped, and how much of it there may be.
    private const string ImageAddresses = "0xffffffff80200000+0x100000";

    // docs/systems.md, "Rules": where the image of a program is mapped.
    private const string ProgramAddresses = "0x400000+0x400000";

    /// <summary>The processor that has all features that QEMU can offer.</summary>
    public const string CpuUsual = "max";

    /// <summary>The ELF image, as the command line names it.</summary>
    public required string ImagePath { get; init; }

    /// <summary>A ROM that enters the image instead of QEMU's own loader, which puts it into memory only; null for QEMU's loader.</summary>
    public string? RomPath { get; init; }

    /// <summary>A module that the kernel finds beside its image: a bundle (docs/bundle.md). Null: none.</summary>
    public string? ModulePath { get; init; }

    /// <summary>QEMU's program.</summary>
    public string Emulator { get; init; } = "qemu-system-x86_64";

    /// <summary>QEMU machine type: <c>q35</c> or <c>pc</c>.</summary>
    public string Machine { get; init; } = "q35";

    /// <summary>QEMU CPU model with its feature switches.</summary>
    public string Cpu { get; init; } = CpuUsual;

    /// <summary>Virtual cores.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Guest memory, in MiB.</summary>
    public int MemoryMiB { get; init; } = 64;

    /// <summary>Kernel command line (docs/serial.md, "Boot parameters").</summary>
    public string BootParameters { get; init; } = "";

    /// <summary>Whether the TSC counts instructions and all cores take turns on one host thread.</summary>
    public bool Icount { get; init; }

    /// <summary>With <see cref="Icount"/>: whether time passes while all cores sleep as it does for the host. Otherwise the next timer is due at once.</summary>
    public bool SleepsInHostTime { get; init; }

    /// <summary>Seed of QEMU's own random numbers, or null for a fresh one.</summary>
    public int? Seed { get; init; }

    /// <summary>Further devices of the machine, as <c>-device</c> names them.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The IOMMU of machine <c>q35</c> as a device (<see cref="Devices"/>), before all that are to be behind it. It does not translate interrupts.</summary>
    public const string Iommu = "intel-iommu,intremap=off";

    /// <summary>The machine's network card; null: it has none.</summary>
    public VmNetwork? Network { get; init; }

    /// <summary>Where the guest waits for GDB before its first instruction, as GDB names it: <c>HOST:PORT</c> or the path of a socket from the root. Null: nowhere.</summary>
    public string? GdbAddress { get; init; }

    /// <summary>File to which every instruction of the kernel's text is written, a line each; null for none. Slow.</summary>
    public string? TracePath { get; init; }

    /// <summary>Whether <see cref="ExecutionLog"/> is to see instructions of kernel and programs, and no others.</summary>
    public bool LogsExecution { get; init; }

    /// <summary>Wall time the guest may take before it is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>QEMU's arguments but for the control socket, which a person who repeats the boot does not need.</summary>
    /// <remarks>Always TCG: a KVM device may exist and run guests thousands of times slower.</remarks>
    public IReadOnlyList<string> Arguments
    {
        get
        {
            List<string> arguments =
            [
                "-accel", Icount ? "tcg,thread=single" : "tcg,thread=multi",
                "-machine", Machine, "-cpu", Icount ? $"{Cpu},{NoX2Apic}" : Cpu,
                "-smp", Decimal(Cores), "-m", Decimal(MemoryMiB),
                "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
                .. RomPath is { } rom ? new[] { "-device", $"loader,file={ImagePath}", "-bios", rom } : ["-kernel", ImagePath],
            ];
            foreach (string device in Devices)
            {
                arguments.AddRange(["-device", device]);
            }

            if (Network is { } network)
            {
                arguments.AddRange(network.Arguments);
            }

            if (ModulePath is { } module)
            {
                arguments.AddRange(["-initrd", module]);
            }

            if (Icount)
            {
                arguments.AddRange(["-icount", $"shift=0,sleep={(SleepsInHostTime ? "on" : "off")}", "-rtc", "base=2026-01-01,clock=vm"]);
            }

            if (Seed is int seed)
            {
                arguments.AddRange(["-seed", Decimal(seed)]);
            }

            if (BootParameters.Length > 0)
            {
                arguments.AddRange(["-append", BootParameters]);
            }

            if (GdbAddress is { } address)
            {
                string device = address.StartsWith('/') ? $"unix:{address},server=on,wait=off" : $"tcp:{address}";
                arguments.AddRange(["-gdb", device, "-S"]);
            }

            if (TracePath is { } trace)
            {
                // Blocks of one instruction, none of them chained to the next: then QEMU's log names each.
                arguments.AddRange(["-singlestep", "-d", "exec,nochain", "-dfilter", ImageAddresses, "-D", trace]);
            }

            if (LogsExecution)
            {
                arguments.AddRange(["-dfilter", $"{ImageAddresses},{ProgramAddresses}"]);
            }

            return arguments;
        }
    }

    /// <summary>A line for a shell that repeats this boot.</summary>
    public string CommandLine => string.Join(' ', [Emulator, .. Arguments.Select(Quote)]);

    // QEMU 10.0.2 has an x2APIC without KVM too, and ends with "Bad icount read" when its timer is read under instruction counting.
    // Older ones have none.
    private const string NoX2Apic = "-x2apic";

    private static string Decimal(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string argument) => argument.Contains(' ') ? $"'{argument}'" : argument;
}
