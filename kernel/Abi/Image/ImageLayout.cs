namespace Atoll.Abi;

/// <summary>Addresses that the linker and every kernel instance agree on.</summary>
/// <remarks>
/// Each instance sees its own memory at the same virtual addresses, so CR3 is all that tells two
/// instances apart: no per-core offset, no GS base. The picture is in docs/memory-map.md.
/// All sizes are bytes unless the name says otherwise. Changing a value is a change of the image format.
/// </remarks>
public static class ImageLayout
{
    /// <summary>Bytes in the smallest page (Intel SDM Vol. 3A, "4-Level Paging").</summary>
    public const ulong PageSizeBytes = 4096;

    /// <summary>Bytes that one page table (512 entries) translates.</summary>
    public const ulong TableSpanBytes = 2 * 1024 * 1024;

    /// <summary>Physical address of the boot segment: 32-bit entry, boot page tables, boot-time private
    /// pages.</summary>
    public const ulong BootSegmentBase = 0x0010_0000;

    /// <summary>Physical address one past the largest boot segment.</summary>
    public const ulong BootSegmentLimit = 0x0020_0000;

    /// <summary>Physical address that the kernel image (text, read-only data, pristine data) is loaded at.</summary>
    public const ulong ImagePhysicalBase = 0x0020_0000;

    /// <summary>Virtual address of the image's first byte of text.</summary>
    public const ulong ImageBase = 0xFFFF_FFFF_8020_0000;

    /// <summary>Virtual address one past the largest image: text, read-only data and data.</summary>
    public const ulong ImageLimit = 0xFFFF_FFFF_8030_0000;

    /// <summary>Physical page that a starting application processor begins in (SIPI vector 0x08).</summary>
    public const ulong ApStartPage = 0x8000;

    /// <summary>Offset of <see cref="ApStartParameters"/> in the AP start page.</summary>
    public const int ApStartParametersOffset = 0xF00;

    // The instance window: private pages at fixed places, an unmapped guard page around each stack
    // and around each page whose overrun must not go unnoticed.

    /// <summary>Lowest byte of the kernel stack. The page below is a guard.</summary>
    public const ulong StackBase = 0xFFFF_FFFF_8030_1000;

    /// <summary>Pages of kernel stack.</summary>
    public const int StackPages = 2;

    /// <summary>First address above the kernel stack: the initial RSP. The page above is a guard.</summary>
    public const ulong StackTop = StackBase + (StackPages * PageSizeBytes);

    /// <summary>Double-fault stack (IST 1), one page between guards.</summary>
    public const ulong DoubleFaultStackBase = 0xFFFF_FFFF_8030_4000;

    /// <summary>NMI stack (IST 2), one page between guards.</summary>
    public const ulong NmiStackBase = 0xFFFF_FFFF_8030_6000;

    /// <summary>Machine-check stack (IST 3), one page between guards.</summary>
    public const ulong MachineCheckStackBase = 0xFFFF_FFFF_8030_8000;

    /// <summary>The instance's state block, one page between guards.</summary>
    public const ulong StatePage = 0xFFFF_FFFF_8030_A000;

    /// <summary>The instance's crash page, one page between guards.</summary>
    public const ulong CrashPage = 0xFFFF_FFFF_8030_C000;

    /// <summary>The instance's status page: owner writes, peers and coordinator read.</summary>
    public const ulong StatusPage = 0xFFFF_FFFF_8030_E000;

    /// <summary>The instance's wake page: owner writes, peers read.</summary>
    public const ulong WakePage = 0xFFFF_FFFF_8030_F000;

    /// <summary>The local APIC's registers, uncached.</summary>
    public const ulong LocalApicPage = 0xFFFF_FFFF_8031_0000;

    /// <summary>The page tables of the peer region, mapped so that the instance can enter links in them.</summary>
    /// <remarks>One page per 2 MiB of peer region. The table that maps text, stacks and state is never
    /// mapped.</remarks>
    public const ulong PeerTablesBase = 0xFFFF_FFFF_8031_1000;

    /// <summary>Most peer tables an instance can have: links with 1023 others and the window take 9. The window has room for so many instances, whatever the tables that a build has.</summary>
    public const int PeerTablesMax = 9;

    /// <summary>The I/O APIC's registers, uncached: only in the instance that has the devices.</summary>
    public const ulong IoApicPage = 0xFFFF_FFFF_8031_B000;

    /// <summary>The instance's links, before a guard page.</summary>
    public const ulong LinkTableBase = 0xFFFF_FFFF_8031_D000;

    /// <summary>Most pages of links.</summary>
    public const int LinkTablePagesMax = 50;

    /// <summary>Pages that only the coordinator has: the machine's description and the frame pool.</summary>
    public const ulong CoordinatorBase = 0xFFFF_FFFF_8035_0000;

    /// <summary>Most coordinator pages.</summary>
    public const int CoordinatorPagesMax = 128;

    /// <summary>Ring pages, peers' status and wake pages, and the coordinator's frame window.</summary>
    public const ulong PeerBase = 0xFFFF_FFFF_8040_0000;

    // Selectors of the global descriptor table. The order is what SYSCALL and SYSRET ask for
    // (Intel SDM Vol. 3A, "Fast System Calls in 64-Bit Mode").

    /// <summary>Kernel code, 64 bit.</summary>
    public const ushort KernelCodeSelector = 0x08;

    /// <summary>Kernel data.</summary>
    public const ushort KernelDataSelector = 0x10;

    /// <summary>Data of programs: just below their code, for SYSRET.</summary>
    public const ushort UserDataSelector = 0x20;

    /// <summary>Code of programs, 64 bit.</summary>
    public const ushort UserCodeSelector = 0x28;

    /// <summary>Privilege level of programs, in the low bits of a selector.</summary>
    public const ushort UserPrivilege = 3;

    /// <summary>Task state segment: two entries.</summary>
    public const ushort TaskStateSelector = 0x30;

    /// <summary>Bytes of the global descriptor table: six entries and the 16-byte TSS descriptor.</summary>
    public const int GlobalDescriptorTableBytes = 0x40;

    /// <summary>Interrupt stack table index of the double fault.</summary>
    public const byte DoubleFaultStackIndex = 1;

    /// <summary>Interrupt stack table index of the NMI.</summary>
    public const byte NmiStackIndex = 2;

    /// <summary>Interrupt stack table index of the machine check.</summary>
    public const byte MachineCheckStackIndex = 3;

    /// <summary>I/O port of the first 16550 UART.</summary>
    public const ushort SerialPort = 0x3F8;

    /// <summary>I/O port of QEMU's isa-debug-exit device.</summary>
    public const ushort DebugExitPort = 0xF4;

    /// <summary>Value written to <see cref="DebugExitPort"/> when every check held (QEMU exits with 0x21).</summary>
    public const byte ExitPassed = 0x10;

    /// <summary>Value written to <see cref="DebugExitPort"/> when something failed (QEMU exits with 0x23).</summary>
    public const byte ExitFailed = 0x11;
}
