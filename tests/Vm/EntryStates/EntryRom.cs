using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Vm.Tests.EntryStates;

/// <summary>A loader in a ROM: from the reset vector to the image's PVH entry, in the state that is asked for.</summary>
/// <remarks>
/// Sources: Intel SDM Vol. 3A, "First Instruction Executed" and "Switching to Protected Mode"; Xen, "x86/HVM direct boot ABI"; ACPI
/// Specification, "Root System Description Pointer" and "Multiple APIC Description Table". What it passes lies in the ROM too.
/// </remarks>
internal static class EntryRom
{
    private const int Bytes = 0x1_0000;
    private const uint Base = 0xFFFF_0000;
    private const int ResetVector = 0xFFF0;
    private const int ProtectedMode = 0x100;
    private const int Handler = 0x1F00;
    private const int InterruptTable = 0x2000;
    private const int Descriptors = 0x3000;
    private const int DescriptorsPointer = 0x3020;
    private const int InterruptTablePointer = 0x3028;
    private const int StartInfo = 0x4000;
    private const int MemoryMap = 0x4100;
    private const int CommandLine = 0x4200;
    private const int ModuleList = 0x4300;
    private const int RootPointer = 0x5000;
    private const int RootTable = 0x5100;
    private const int CoreTable = 0x5200;
    private const uint Entry = 0x10_0000;

    /// <summary>Makes the ROM.</summary>
    /// <param name="state">State at the entry.</param>
    /// <param name="cores">Cores that the MADT lists.</param>
    /// <param name="memoryBytes">Memory of the machine.</param>
    /// <param name="commandLine">Boot parameters.</param>
    /// <param name="ioApic">Address of the I/O APIC that the MADT lists; 0: none.</param>
    /// <param name="module">Where a bundle lies in memory, and its bytes; 0: none.</param>
    public static byte[] Build(
        EntryState state, int cores, uint memoryBytes, string commandLine, uint ioApic = 0, (uint Address, uint Bytes) module = default)
    {
        byte[] rom = new byte[Bytes];
        Put(rom, 0, RealMode());
        Put(rom, ProtectedMode, EnterImage(state));
        rom[Handler] = 0xCF; // IRET
        FillTables(rom);
        Put(rom, ResetVector, [0xE9, 0x0D, 0x00]); // JMP to offset 0, round the end of the segment.

        (ulong Start, ulong Length, uint Type)[] map =
            [(0, 0x9_FC00, 1), (0x9_FC00, 0x400, 2), (0xF_0000, 0x1_0000, 2), (0x10_0000, memoryBytes - 0x10_0000, 1)];
        Put(rom, MemoryMap, [.. map.SelectMany(entry => Words(entry.Start, entry.Length, entry.Type))]);
        Put(rom, CommandLine, Encoding.ASCII.GetBytes(commandLine + '\0'));
        Put(rom, StartInfo,
        [
            .. Halves(0x336E_C578, 1, 0, module.Bytes == 0 ? 0u : 1), .. Words(At(ModuleList), At(CommandLine), At(RootPointer), At(MemoryMap)),
            .. Halves((uint)map.Length, 0),
        ]);
        Put(rom, ModuleList, Words(module.Address, module.Bytes, 0, 0));
        FillCores(rom, cores, ioApic);
        return rom;
    }

    private static byte[] RealMode() => Assemble(16, 0, a =>
    {
        a.cli();
        a.mov(ax, cs);
        a.mov(ds, ax);
        a.AddInstruction(Instruction.Create(Code.Lgdt_m1632, new MemoryOperand(Register.None, DescriptorsPointer, displSize: 2)));
        a.mov(eax, cr0);
        a.or(eax, 1);
        a.mov(cr0, eax);
        a.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, 8, Base + ProtectedMode));
    });

    private static byte[] EnterImage(EntryState state) => Assemble(32, Base + ProtectedMode, a =>
    {
        a.mov(ax, 16);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        a.mov(esp, 0x7C00);
        a.lidt(__[Base + InterruptTablePointer]);
        foreach ((uint address, uint value) in state.Writes)
        {
            a.mov(eax, value);
            a.mov(__dword_ptr[address], eax);
        }

        if (state.TakesInterrupts)
        {
            a.sti();
            a.nop();
            a.nop();
            a.cli();
        }

        a.mov(eax, cr4);
        a.or(eax, (int)state.CR4);
        a.mov(cr4, eax);
        a.mov(eax, cr0);
        a.or(eax, (int)state.CR0);
        a.mov(cr0, eax);
        a.mov(ebx, Base + StartInfo);
        a.mov(eax, Entry);
        a.push((int)state.Flags);
        a.popfd();
        a.jmp(eax);
    });

    // Null, flat code, flat data; 256 interrupt gates to one handler.
    private static void FillTables(byte[] rom)
    {
        Put(rom, Descriptors, Words(0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF));
        Put(rom, DescriptorsPointer, [23, 0, .. Halves(Base + Descriptors)]);
        Put(rom, InterruptTablePointer, [0xFF, 0x07, .. Halves(Base + InterruptTable)]);
        uint handler = Base + Handler;
        for (int vector = 0; vector < 256; vector++)
        {
            Put(rom, InterruptTable + (vector * 8), Halves((8u << 16) | (handler & 0xFFFF), (handler & 0xFFFF_0000) | 0x8E00));
        }
    }

    private static void FillCores(byte[] rom, int cores, uint ioApic)
    {
        byte[] pointer = [.. "RSD PTR "u8, 0, .. "ATOLLT"u8, 2, .. Halves(0, 36), .. Words(At(RootTable)), 0, 0, 0, 0];
        Seal(pointer, 8, 20);
        Seal(pointer, 32, 36);
        Put(rom, RootPointer, pointer);
        Put(rom, RootTable, Table("XSDT", Words(At(CoreTable))));
        Put(rom, CoreTable, Table("APIC",
            [
                .. Halves(0xFEE0_0000, 1), .. Enumerable.Range(0, cores).SelectMany(core => new byte[] { 0, 8, (byte)core, (byte)core, 1, 0, 0, 0 }),
                .. ioApic == 0 ? [] : Halves(1 | (12 << 8), ioApic, 0),
            ]));
    }

    private static byte[] Table(string signature, byte[] body)
    {
        byte[] table = [.. Encoding.ASCII.GetBytes(signature), .. new byte[32], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(4), table.Length);
        Seal(table, 9, table.Length);
        return table;
    }

    private static void Seal(byte[] table, int at, int length) => table[at] = (byte)-table.AsSpan(0, length).ToArray().Sum(value => value);

    private static byte[] Assemble(int bitness, ulong address, Action<Assembler> emit)
    {
        var assembler = new Assembler(bitness);
        emit(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        return stream.ToArray();
    }

    private static ulong At(int offset) => Base + (uint)offset;

    private static byte[] Words(params ulong[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] Halves(params uint[] halves) => [.. halves.SelectMany(BitConverter.GetBytes)];

    private static void Put(byte[] rom, int offset, byte[] bytes) => bytes.CopyTo(rom, offset);
}
