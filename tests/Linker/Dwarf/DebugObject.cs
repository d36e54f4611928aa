using Atoll.Linker.Binary;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Dwarf;

/// <summary>Objects with the debug information that ILC writes: one line sequence and one frame description per
/// function.</summary>
internal static class DebugObject
{
    /// <summary>Three roots of 16 bytes each and an unreachable function between the first two.</summary>
    public static ObjectBuilder Sample() => WithBootMain(Function);

    /// <summary>The same with another first root of 16 bytes.</summary>
    public static ObjectBuilder WithBootMain(byte[] bootMain, params Fixup[] fixups) => new ObjectBuilder()
        .Code("atoll_boot_main", bootMain, fixups)
        .Code("kernel_Dropped__Method", Function)
        .Code("atoll_instance_main", Function)
        .Code("atoll_trap", Function)
        .Data("datum", new byte[8], new Fixup(0, R_X86_64_64, "atoll_trap"))
        .AddSection(
            ".debug_line",
            SHT_PROGBITS,
            0,
            Lines,
            new Fixup(LinesAddressPosition, R_X86_64_64, "@" + ObjectBuilder.CodeSection))
        .AddSection(
            ".debug_info",
            SHT_PROGBITS,
            0,
            new byte[32],
            new Fixup(0, R_X86_64_32, "@.debug_line"),
            new Fixup(8, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x10),
            new Fixup(16, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x20))
        .AddSection(
            ".debug_ranges",
            SHT_PROGBITS,
            0,
            new byte[64],
            new Fixup(0, R_X86_64_64, "@" + ObjectBuilder.CodeSection),
            new Fixup(8, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x40),
            new Fixup(16, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x12),
            new Fixup(24, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x20),
            new Fixup(32, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x22),
            new Fixup(40, R_X86_64_64, "@" + ObjectBuilder.CodeSection, 0x30))
        .AddSection(
            ".eh_frame",
            SHT_PROGBITS,
            SHF_ALLOC,
            Frames,
            new Fixup(32, R_X86_64_PC32, "atoll_boot_main"),
            new Fixup(72, R_X86_64_PC32, "kernel_Dropped__Method"),
            new Fixup(112, R_X86_64_PC32, "atoll_trap"));

    /// <summary>push rbp; mov rbp, rsp; sub rsp, 16; 5 × nop; leave; ret: 16 bytes.</summary>
    public static byte[] Function { get; } =
        [0x55, 0x48, 0x89, 0xE5, 0x48, 0x83, 0xEC, 0x10, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xC9, 0xC3];

    /// <summary>Where the operand of DW_LNE_set_address is in <see cref="Lines"/>.</summary>
    public static ulong LinesAddressPosition { get; private set; }

    /// <summary>Lines by hand: 10 at 4, 11 at 8; 20 at 0x14 (dropped); 30 at 0x20, 31 at 0x2C; 40 at 0x30.</summary>
    public static byte[] Lines { get; } = MakeLines();

    /// <summary>One CIE and three FDEs of 40 bytes, in the encoding of ILC: "zLR", pcrel sdata4.</summary>
    public static byte[] Frames { get; } = MakeFrames();

    private static byte[] MakeLines()
    {
        ByteBuilder header = new ByteBuilder()
            .U8(1).U8(1).U8(1).U8(unchecked((byte)-5)).U8(14).U8(13)
            .Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])
            .String("/_/kernel/Boot").U8(0)
            .String("Main.cs").Uleb(1).Uleb(0).Uleb(0)
            .String("Other.cs").Uleb(0).Uleb(0).Uleb(0)
            .U8(0);
        ByteBuilder program = new ByteBuilder().U8(0).Uleb(9).U8(2);
        int addressInProgram = program.Length;
        program.U64(0);
        Row(program, 4, 9);
        Row(program, 4, 1);
        Row(program, 12, 9);
        program.U8(4).Uleb(2);
        Row(program, 12, 10);
        Row(program, 12, 1);
        Row(program, 4, 9);
        program.U8(2).Uleb(16).U8(0).Uleb(1).U8(1);

        ByteBuilder unit = new ByteBuilder().U16(4).U32((uint)header.Length).Bytes(header.ToArray());
        LinesAddressPosition = (ulong)(sizeof(uint) + unit.Length + addressInProgram);
        unit.Bytes(program.ToArray());
        return new ByteBuilder().U32((uint)unit.Length).Bytes(unit.ToArray()).ToArray();
    }

    /// <summary>DW_LNS_advance_pc, DW_LNS_advance_line, DW_LNS_copy.</summary>
    private static void Row(ByteBuilder program, ulong addressAdvance, long lineAdvance) =>
        program.U8(2).Uleb(addressAdvance).U8(3).Sleb(lineAdvance).U8(1);

    private static byte[] MakeFrames()
    {
        // CIE: CFA = RSP + 8, return address at CFA - 8. 24 bytes with its length.
        ByteBuilder frames = new ByteBuilder()
            .U32(20).U32(0).U8(1).String("zLR").Uleb(1).Sleb(-8).U8(16).Uleb(2).U8(0x1B).U8(0x1B)
            .Bytes([0x0C, 7, 8, 0x90, 1]).Align(8);
        for (int index = 0; index < 3; index++)
        {
            // After push: CFA = RSP + 16, RBP at CFA - 16. After mov: CFA = RBP + 16. Before ret: CFA = RSP + 8.
            uint pointer = (uint)frames.Length + sizeof(uint);
            frames.U32(36).U32(pointer).U32(0).U32(16).Uleb(4).U32(0)
                .Bytes([0x41, 0x0E, 16, 0x86, 2, 0x43, 0x0D, 6, 0x4B, 0x0C, 7, 8]).Align(8);
        }

        return frames.ToArray();
    }
}
