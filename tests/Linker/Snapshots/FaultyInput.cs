using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Tests.Dwarf;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>An input with one fault, and what the linker says to it.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="Request">The link.</param>
internal sealed record FaultyInput(string Name, LinkRequest Request)
{
    private const ulong Writable = SHF_ALLOC | SHF_WRITE;

    /// <summary>All of them, at least one for each finding that a link can make.</summary>
    public static IReadOnlyList<FaultyInput> All { get; } =
    [
        Bytes("no file at all", _ => []),
        Bytes("text instead of an object", _ => "int main() { return 0; }"u8.ToArray()),
        Bytes("object for ARM", good => With(good, 0x12, 40)),
        Bytes("object of 32 bits", good => With(good, 0x04, 1)),
        Bytes("big-endian object", good => With(good, 0x05, 2)),
        Bytes("shared library", good => With(good, 0x10, 3)),
        Bytes("object that was cut off", good => good[..(good.Length / 2)]),
        Bytes("section headers behind the file", good => With(good, 0x2E, 0x7F)),
        Bytes("names in a section that is not there", good => With(good, 0x3E, 0xF0)),
        Bytes("more sections than the header can count", good => ManySections(good)),
        Object("constructor of C", ObjectBuilder.WithRoots().Code("construct", [0xC3])
            .AddSection(".init_array", SHT_INIT_ARRAY, Writable, new byte[8], new Fixup(0, R_X86_64_64, "construct"))),
        Object("function that a resolver chooses", ObjectBuilder.WithRoots().Code("resolver", [0xC3])
            .Symbol("chosen", ObjectBuilder.CodeSection, 0, 1, STT_GNU_IFUNC)),
        Object("no entry", new ObjectBuilder()),
        Object("heap allocation", Caller("RhpNewFast")),
        Object("boxing", Caller("RhBox")),
        Object("throw", Caller("RhpThrowEx")),
        Object("store of a reference", Caller("RhpAssignRef")),
        Object("call of an interface", Caller("RhpInitialDynamicInterfaceDispatch")),
        Object("stackalloc", Caller("__security_cookie")),
        Object("struct that is filled by the C library", Caller("memset")),
        Object("frame over a page", Caller("RhpStackProbe")),
        Object("name that nobody defines", Caller("x64_no_such_stub")),
        Object("name of a stub", ObjectBuilder.WithRoots().Code("x64_halt", [0xC3])),
        new("name of two objects", new LinkRequest
        {
            Objects = [ObjectBuilder.WithRoots().Build("first.o"), new ObjectBuilder().Code("atoll_trap", [0xC3]).Build("second.o")],
        }),
        Object(
            "static constructor",
            ObjectBuilder.WithRoots().Code("kernel_Late___cctor", [0xC3])
                .Data("__EagerCctor", new byte[8], new Fixup(0, R_X86_64_64, "kernel_Late___cctor"))),
        Object(
            "thread-local field",
            Caller("tls_Storage").AddSection(".tdata", SHT_PROGBITS, Writable | SHF_TLS, new byte[8])
                .Symbol("tls_Storage", ".tdata", 0, 0, STT_TLS)),
        Object("relocation of position-dependent code", Loads(R_X86_64_32)),
        Object("relocation for a shared library", Loads(9)),
        Object("relocation of a type that nobody has defined", Loads(250)),
        Object("target beyond two gibibytes", Loads(R_X86_64_PC32, 0x1_0000_0000)),
        Object("relocation behind its function", ObjectBuilder.WithRoots()
            .Code("short", [0x90, 0xC3], new Fixup(0, R_X86_64_64, "atoll_trap"))),
        Object("bytes that are no code", ObjectBuilder.WithRoots().Code("data_in_code", [0x06, 0x06, 0x06])),
        Object("short jump to another function", ObjectBuilder.WithRoots().Code("jumper", [0xEB, 0x40])),
        Object("writable code", ObjectBuilder.WithRoots()
            .AddSection(".wx", SHT_PROGBITS, Writable | SHF_EXECINSTR, [0xC3])),
        Object("more data than there is room for", Loads(R_X86_64_PC32, sizeBytes: 0x10_0000)),
        Object("forbidden call whose line is known", DebugObject.WithBootMain(
            [0x55, 0x48, 0x89, 0xE5, 0xE8, 0, 0, 0, 0, 0x90, 0x90, 0x90, 0x90, 0x90, 0xC9, 0xC3],
            new Fixup(5, R_X86_64_PLT32, "RhpNewFast", -4))),
        Object("line table that ends early", ObjectBuilder.WithRoots()
            .AddSection(".debug_line", SHT_PROGBITS, 0, [0x40, 0, 0, 0, 4, 0])),
        Object("call frames that end early", ObjectBuilder.WithRoots()
            .AddSection(".eh_frame", SHT_PROGBITS, SHF_ALLOC, [0x40, 0, 0, 0, 0, 0, 0, 0])),
        new("program that halts the processor", new LinkRequest
        {
            Objects = [new ObjectBuilder().Code("atoll_program_main", LinkedImage.CallBytes, Fixup.Call("x64_halt")).Build()],
            Profile = ProgramProfile.Of(new ProgramRequest("halting", 4096)),
        }),
    ];

    /// <summary>What the linker says.</summary>
    public IReadOnlyList<Diagnostic> Findings => Link.Run(Request).Diagnostics;

    private static FaultyInput Object(string name, ObjectBuilder builder) =>
        new(name, new LinkRequest { Objects = [builder.Build("kernel.o")] });

    private static FaultyInput Bytes(string name, Func<byte[], byte[]> spoil) =>
        new(name, new LinkRequest { Objects = [new LinkInput("kernel.o", spoil(ObjectBuilder.WithRoots().BuildBytes()))] });

    private static byte[] With(byte[] good, int offset, byte value)
    {
        byte[] spoiled = [.. good];
        spoiled[offset] = value;
        return spoiled;
    }

    /// <summary>e_shnum is 0, and the size of the first section says how many there are.</summary>
    private static byte[] ManySections(byte[] good)
    {
        byte[] spoiled = With(With(good, 0x3C, 0), 0x3D, 0);
        int first = (int)BitConverter.ToUInt64(good, 0x28);
        BitConverter.TryWriteBytes(spoiled.AsSpan(first + 0x20), 65_300UL);
        return spoiled;
    }

    private static ObjectBuilder Caller(string callee) => new ObjectBuilder()
        .Code("kernel_Foo__Bar", LinkedImage.CallBytes, Fixup.Call(callee))
        .Code("atoll_boot_main", LinkedImage.CallBytes, Fixup.Call("kernel_Foo__Bar"))
        .Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]);

    /// <summary>lea rax, [rip + datum]; ret.</summary>
    private static ObjectBuilder Loads(uint relocation, long addend = 0, int sizeBytes = 8) => new ObjectBuilder()
        .Code("atoll_boot_main", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(3, relocation, "datum", addend - 4))
        .Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]).Zero("datum", sizeBytes);
}
