using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>What an application processor runs after its SIPI: 16, 32 and 64-bit code.</summary>
/// <remarks>
/// Lies in read-only data and is copied to <see cref="ImageLayout.ApStartPage"/>. A starting core never writes to the
/// page: it is mapped for reading and execution only.
/// <see cref="ApStartParameters"/> are obeyed in protected mode already, so a core that has to park does so without
/// page tables and depends on this page alone.
/// Sources: Intel SDM Vol. 3A, "Multiple-Processor (MP) Initialization", "Switching to Protected Mode" and
/// "Initializing IA-32e Mode".
/// </remarks>
public sealed class ApStartCode() : DataFragment(
    Symbol, FragmentPlace.ReadOnly, Bytes, alignmentBytes: 16, EnterInstance.Symbol)
{
    /// <summary>Symbol of the code.</summary>
    public const string Symbol = "ap_start_code";

    /// <summary>Offset of the 32-bit code.</summary>
    public const int ProtectedModeOffset = 0x40;

    /// <summary>Offset of the 64-bit code.</summary>
    public const int LongModeOffset = 0xE0;

    /// <summary>Offset of the descriptor table.</summary>
    public const int DescriptorTableOffset = 0x160;

    /// <summary>Offset of the operand of LGDT.</summary>
    public const int DescriptorTablePointerOffset = DescriptorTableOffset + DescriptorTableBytes;

    /// <summary>Offset of the initial MXCSR.</summary>
    public const int MxcsrOffset = DescriptorTablePointerOffset + 8;

    /// <summary>Bytes of code and tables.</summary>
    public const int Bytes = MxcsrOffset + sizeof(uint);

    private const ushort ProtectedCodeSelector = 0x18;
    /// <summary>IA32_APIC_BASE, its bit that says x2APIC mode, and where the id is in either mode.</summary>
    private const uint ApicBase = 0x1B;
    private const int ApicBaseExtendedBit = 10;
    private const uint X2ApicId = 0x802;
    private const uint ApicIdRegister = 0x20;

    private const int DescriptorTableBytes = 4 * sizeof(ulong);

    /// <summary>Present, DPL 0, execute and read, accessed; D and G set; base 0, limit 4 GiB.</summary>
    private const ulong ProtectedCode = 0x00CF_9B00_0000_FFFF;

    private const uint Parameters = (uint)ImageLayout.ApStartPage + ImageLayout.ApStartParametersOffset;
    private const uint StartTables = Parameters + 0;
    private const uint Mode = Parameters + 4;
    private const uint InstanceTables = Parameters + 8;
    private const uint ApicId = Parameters + 16;
    private const uint WaitUntilTsc = Parameters + 24;

    /// <summary>The code by the mode that it runs in.</summary>
    public static IReadOnlyList<ApStartPart> Parts { get; } =
    [
        new(Symbol, 0, ProtectedModeOffset, Bitness: 16),
        new("ap_start_protected_mode", ProtectedModeOffset, LongModeOffset, Bitness: 32),
        new("ap_start_long_mode", LongModeOffset, DescriptorTableOffset, Bitness: 64),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, int OffsetBytes)> InnerSymbols =>
    [
        .. Parts.Skip(1).Select(part => (part.Symbol, part.Start)),
        ("ap_start_gdt", DescriptorTableOffset),
    ];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new()
    {
        Copied =
        [
            Copy(Symbol, 16, 0, ProtectedModeOffset, isEntry: true, "lgdt", "load-segment", "write-cr0", "far-transfer"),
            Copy(
                "ap_start_protected_mode", 32, ProtectedModeOffset, LongModeOffset, isEntry: false,
                "load-segment", "cli", "hlt", "write-cr0", "write-cr3", "write-cr4", "rdmsr", "wrmsr", "far-transfer"),
            Copy("ap_start_long_mode", 64, LongModeOffset, DescriptorTableOffset, isEntry: false),
        ],
    };

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        const byte Int3 = 0xCC;
        bytes[..DescriptorTableOffset].Fill(Int3);
        Put(bytes, 0, ProtectedModeOffset, RealMode());
        Put(bytes, ProtectedModeOffset, LongModeOffset, ProtectedMode());
        Put(bytes, LongModeOffset, DescriptorTableOffset, LongMode(context.AddressOf(EnterInstance.Symbol)));
        FillDescriptorTable(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[MxcsrOffset..], ControlRegisters.DefaultMxcsr);
    }

    /// <summary>TSC to EDI:ESI; protected mode. INIT has cleared IF.</summary>
    /// <remarks>CS is the page, so DS = CS reaches it with 16-bit offsets.</remarks>
    private static CodeBuilder RealMode()
    {
        CodeBuilder code = new(bitness: 16);
        Assembler a = code.Asm;
        a.rdtsc();
        a.mov(esi, eax);
        a.mov(edi, edx);
        a.mov(ax, cs);
        a.mov(ds, ax);
        // The form with a 32-bit base.
        a.AddInstruction(Instruction.Create(
            Code.Lgdt_m1632, new MemoryOperand(Register.None, DescriptorTablePointerOffset, displSize: 2)));
        a.mov(eax, ControlRegisters.ProtectedModeCR0);
        a.mov(cr0, eax);
        a.jmp(ProtectedCodeSelector, (uint)ImageLayout.ApStartPage + ProtectedModeOffset);
        return code;
    }

    /// <summary>Parks unless the parameters are for this core; long mode on the start tables.</summary>
    private static CodeBuilder ProtectedMode()
    {
        CodeBuilder code = new(bitness: 32);
        Assembler a = code.Asm;
        Label park = a.CreateLabel();
        Label meant = a.CreateLabel();
        Label extended = a.CreateLabel();
        Label known = a.CreateLabel();

        a.mov(eax, ImageLayout.KernelDataSelector);
        a.mov(ds, eax);
        a.mov(es, eax);
        a.mov(ss, eax);

        // The id that interrupts find this core by. CPUID.1's initial one has 8 bits, and firmware may have given another.
        a.mov(ecx, ApicBase);
        a.rdmsr();
        a.bt(eax, ApicBaseExtendedBit);
        a.jc(extended);
        a.mov(eax, __dword_ptr[(uint)IdentityMap.LocalApicPhysical + ApicIdRegister]);
        a.shr(eax, 24);
        a.jmp(known);
        a.Label(ref extended);
        a.mov(ecx, X2ApicId);
        a.rdmsr();
        a.Label(ref known);
        a.cmp(eax, __dword_ptr[ApicId]);
        a.jne(park);
        a.mov(eax, __dword_ptr[Mode]);
        a.cmp(eax, (uint)ApStartMode.Run);
        a.je(meant);
        a.cmp(eax, (uint)ApStartMode.WaitUntil);
        a.je(meant);
        a.Label(ref park);
        a.cli();
        a.hlt();
        a.jmp(park);

        a.Label(ref meant);
        LongModeSwitch.Emit(a, () => a.mov(eax, __dword_ptr[StartTables]));
        a.jmp(ImageLayout.KernelCodeSelector, (uint)ImageLayout.ApStartPage + LongModeOffset);
        return code;
    }

    /// <summary>Waits if it is told to; goes on in the image.</summary>
    private static CodeBuilder LongMode(ulong enterInstance)
    {
        CodeBuilder code = new(bitness: 64);
        Assembler a = code.Asm;
        Label wait = a.CreateLabel();
        Label enter = a.CreateLabel();

        // INIT leaves both as they were, and whoever ran here before may have changed them.
        a.fninit();
        a.ldmxcsr(__dword_ptr[(uint)ImageLayout.ApStartPage + MxcsrOffset]);
        a.cmp(__dword_ptr[Mode], (uint)ApStartMode.WaitUntil);
        a.jne(enter);
        a.Label(ref wait);
        a.pause();
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.cmp(rax, __qword_ptr[WaitUntilTsc]);
        a.jb(wait);

        a.Label(ref enter);
        a.shl(rdi, 32);
        a.mov(esi, esi);
        a.or(rsi, rdi);
        a.mov(rdi, __qword_ptr[InstanceTables]);
        a.mov(rax, enterInstance);
        a.jmp(rax);
        return code;
    }

    /// <summary>Null, 64-bit code and data at the kernel's selectors, 32-bit code.</summary>
    /// <remarks>Accessed bits are set, since the page is not writable.</remarks>
    private static void FillDescriptorTable(Span<byte> bytes)
    {
        Span<byte> table = bytes.Slice(DescriptorTableOffset, DescriptorTableBytes);
        WriteEntry(table, ImageLayout.KernelCodeSelector / sizeof(ulong), GlobalDescriptorTable.KernelCode);
        WriteEntry(table, ImageLayout.KernelDataSelector / sizeof(ulong), GlobalDescriptorTable.KernelData);
        WriteEntry(table, ProtectedCodeSelector / sizeof(ulong), ProtectedCode);

        Span<byte> pointer = bytes[DescriptorTablePointerOffset..];
        BinaryPrimitives.WriteUInt16LittleEndian(pointer, DescriptorTableBytes - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[2..], (uint)ImageLayout.ApStartPage + DescriptorTableOffset);
    }

    private static CopiedCode Copy(
        string name, int bitness, int offset, int end, bool isEntry, params string[] privileged) =>
        new(name, bitness, offset, end - offset, ImageLayout.ApStartPage + (ulong)offset, privileged, isEntry);

    private static void Put(Span<byte> page, int offset, int end, CodeBuilder code)
    {
        byte[] bytes = code.Assemble(ImageLayout.ApStartPage + (ulong)offset).Bytes;
        if (offset + bytes.Length > end)
        {
            throw new InvalidOperationException($"{Symbol}: code at 0x{offset:x} runs into what begins at 0x{end:x}.");
        }

        bytes.CopyTo(page[offset..]);
    }
}

/// <summary>Code of <see cref="ApStartCode"/> for one processor mode.</summary>
/// <param name="Symbol">Symbol of its first byte.</param>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="End">Offset behind its last byte.</param>
/// <param name="Bitness">16, 32 or 64.</param>
public sealed record ApStartPart(string Symbol, int Start, int End, int Bitness)
{
    /// <summary>Bytes, padding included.</summary>
    public int SizeBytes => End - Start;
}
