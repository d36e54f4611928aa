namespace Atoll.Linker.Elf;

/// <summary>Constants in the spelling of their specifications.</summary>
/// <remarks>
/// Sources: System V Application Binary Interface, "Object Files" and "Program Loading and Dynamic Linking" (gABI);
/// System V ABI, AMD64 Architecture Processor Supplement (psABI), "Object Files";
/// Xen, "x86/HVM direct boot ABI" (XEN_ELFNOTE_PHYS32_ENTRY).
/// </remarks>
public static class ElfNative
{
#pragma warning disable CS1591, CA1707 // The names are the specifications', and so is their meaning.
    public const uint ELFMAG = 0x464C_457F;
    public const byte ELFCLASS64 = 2;
    public const byte ELFDATA2LSB = 1;
    public const byte EV_CURRENT = 1;
    public const int EI_NIDENT = 16;

    public const ushort ET_REL = 1;
    public const ushort ET_EXEC = 2;
    public const ushort EM_X86_64 = 62;

    public const int SizeOfEhdr = 64;
    public const int SizeOfPhdr = 56;
    public const int SizeOfShdr = 64;
    public const int SizeOfSym = 24;
    public const int SizeOfRela = 24;

    public const ushort SHN_UNDEF = 0;
    public const ushort SHN_LORESERVE = 0xFF00;
    public const ushort SHN_ABS = 0xFFF1;
    public const ushort SHN_COMMON = 0xFFF2;

    public const uint SHT_NULL = 0;
    public const uint SHT_PROGBITS = 1;
    public const uint SHT_SYMTAB = 2;
    public const uint SHT_STRTAB = 3;
    public const uint SHT_RELA = 4;
    public const uint SHT_NOTE = 7;
    public const uint SHT_NOBITS = 8;
    public const uint SHT_REL = 9;
    public const uint SHT_INIT_ARRAY = 14;
    public const uint SHT_FINI_ARRAY = 15;
    public const uint SHT_PREINIT_ARRAY = 16;
    public const uint SHT_X86_64_UNWIND = 0x7000_0001;

    public const ulong SHF_WRITE = 1;
    public const ulong SHF_ALLOC = 2;
    public const ulong SHF_EXECINSTR = 4;
    public const ulong SHF_MERGE = 0x10;
    public const ulong SHF_STRINGS = 0x20;
    public const ulong SHF_INFO_LINK = 0x40;
    public const ulong SHF_TLS = 0x400;
    public const ulong SHF_COMPRESSED = 0x800;

    public const byte STB_LOCAL = 0;
    public const byte STB_GLOBAL = 1;
    public const byte STB_WEAK = 2;

    public const byte STT_NOTYPE = 0;
    public const byte STT_OBJECT = 1;
    public const byte STT_FUNC = 2;
    public const byte STT_SECTION = 3;
    public const byte STT_FILE = 4;
    public const byte STT_TLS = 6;
    public const byte STT_GNU_IFUNC = 10;

    public const byte STV_DEFAULT = 0;
    public const byte STV_HIDDEN = 2;

    public const uint PT_LOAD = 1;
    public const uint PT_NOTE = 4;

    public const uint PF_X = 1;
    public const uint PF_W = 2;
    public const uint PF_R = 4;

    public const uint R_X86_64_64 = 1;
    public const uint R_X86_64_PC32 = 2;
    public const uint R_X86_64_PLT32 = 4;
    public const uint R_X86_64_32 = 10;
    public const uint R_X86_64_32S = 11;
    public const uint R_X86_64_DTPOFF32 = 21;
    public const uint R_X86_64_TLSGD = 19;
    public const uint R_X86_64_TLSLD = 20;
    public const uint R_X86_64_GOTTPOFF = 22;
    public const uint R_X86_64_TPOFF32 = 23;

    public const uint NT_GNU_BUILD_ID = 3;
    public const uint XEN_ELFNOTE_PHYS32_ENTRY = 18;
#pragma warning restore CS1591, CA1707

    /// <summary>Name and bytes of each relocation type, by its number.</summary>
    /// <remarks>Source: System V ABI, AMD64 Architecture Processor Supplement, table "Relocation Types".</remarks>
    private static readonly (string Name, int Bytes)[] s_relocations =
    [
        ("NONE", 0), ("64", 8), ("PC32", 4), ("GOT32", 4), ("PLT32", 4), ("COPY", 0), ("GLOB_DAT", 8), ("JUMP_SLOT", 8),
        ("RELATIVE", 8), ("GOTPCREL", 4), ("32", 4), ("32S", 4), ("16", 2), ("PC16", 2), ("8", 1), ("PC8", 1),
        ("DTPMOD64", 8), ("DTPOFF64", 8), ("TPOFF64", 8), ("TLSGD", 4), ("TLSLD", 4), ("DTPOFF32", 4), ("GOTTPOFF", 4),
        ("TPOFF32", 4), ("PC64", 8), ("GOTOFF64", 8), ("GOTPC32", 4), ("GOT64", 8), ("GOTPCREL64", 8), ("GOTPC64", 8),
        ("GOTPLT64", 8), ("PLTOFF64", 8), ("SIZE32", 4), ("SIZE64", 8), ("GOTPC32_TLSDESC", 4), ("TLSDESC_CALL", 0),
        ("TLSDESC", 16), ("IRELATIVE", 8), ("RELATIVE64", 8), ("PC32_BND", 4), ("PLT32_BND", 4), ("GOTPCRELX", 4),
        ("REX_GOTPCRELX", 4),
    ];

    /// <summary>Whether the psABI defines a relocation type.</summary>
    public static bool IsRelocation(uint type) => type < s_relocations.Length;

    /// <summary>Name of a relocation type, or its number when the psABI gives it none.</summary>
    public static string RelocationName(uint type) =>
        IsRelocation(type) ? $"R_X86_64_{s_relocations[type].Name}" : $"relocation type {type}";

    /// <summary>Bytes that a relocation type changes; none when nobody has defined it.</summary>
    public static int RelocationBytes(uint type) => IsRelocation(type) ? s_relocations[type].Bytes : 0;

    /// <summary>Whether a relocation type belongs to thread-local storage (psABI, "Thread-Local Storage").</summary>
    public static bool IsThreadLocal(uint type) => type is (>= 16 and <= R_X86_64_TPOFF32) or (>= 34 and <= 36);
}
