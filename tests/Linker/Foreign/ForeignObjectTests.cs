using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof;
using Xunit.Abstractions;

namespace Atoll.Linker.Tests.Foreign;

/// <summary>Objects of C compilers: they become proved images, or the finding names what they have that C# has
/// not.</summary>
/// <remarks>Where a compiler is not installed there is nothing to compile, and the test says so.</remarks>
public sealed class ForeignObjectTests(ITestOutputHelper output) : IDisposable
{
    private const string Kernel = """
        static unsigned long count;
        static const unsigned char table[4] = { 1, 2, 3, 4 };
        unsigned long atoll_boot_main(unsigned long a) { count += a + table[a & 3]; return count; }
        void atoll_instance_main(void) { }
        void atoll_trap(void *frame) { (void)frame; }
        """;

    private const string Program = "void atoll_program_main(void) { for (;;) { } }";
    private const string Freestanding = "-ffreestanding -fno-stack-protector -fcf-protection=none -mno-red-zone";

    private static readonly string[] s_gcc = ["gcc"];
    private static readonly string[] s_clang = ["clang", "clang-14", "clang-19"];

    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-foreign-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("-O2 -fpie")]
    [InlineData("-Os -fpie")]
    [InlineData("-O2 -fpie -g -gdwarf-4")]
    [InlineData("-O2 -fpie -ffunction-sections -fdata-sections")]
    public void ObjectThatAddressesByRipIsLinkedAndProved(string options) =>
        Each(Kernel, $"{Freestanding} {options}", (compiler, bytes) =>
        {
            LinkResult result = Linker.Link.Run(new LinkRequest { Objects = [new LinkInput("kernel.o", bytes)] });
            Assert.True(result.Succeeded, $"{compiler}: {string.Join('\n', result.Diagnostics)}");

            DiagnosticBag findings = new();
            Assert.True(ImageProof.Run(result.Image, "kernel.elf", findings) is { Holds: true }, string.Join('\n', findings.Found));
        });

    [Fact]
    public void ProgramInCIsLinkedAndProved() =>
        Each(Program, $"{Freestanding} -O2 -fpie", (compiler, bytes) =>
        {
            LinkResult result = Linker.Link.Run(new LinkRequest
            {
                Objects = [new LinkInput("program.o", bytes)],
                Profile = ProgramProfile.Of(new ProgramRequest("c", 4096)),
            });
            Assert.True(result.Succeeded, $"{compiler}: {string.Join('\n', result.Diagnostics)}");

            DiagnosticBag findings = new();
            Assert.True(ImageProof.Run(result.Image, "program.elf", findings) is { Holds: true }, string.Join('\n', findings.Found));
        });

    [Theory]
    [InlineData(Kernel, "-O0 -fno-pic -mcmodel=kernel", "ATL9013", "R_X86_64_32S")]
    [InlineData(Kernel, "-O2 -fpie -g -gdwarf-5", "ATL9023", "version 5")]
    [InlineData(Kernel, "-O2 -mcmodel=large -fpie", "ATL9010", "_GLOBAL_OFFSET_TABLE_")]
    [InlineData(Kernel, "-O2 -fpie -fstack-protector-all", "ATL9010", "__stack_chk_fail")]
    [InlineData(Kernel, "-O2 -flto", "ATL902", "kernel.o")]
    [InlineData(
        "extern int outside; int atoll_boot_main(void) { return outside; } void atoll_instance_main(void) {} void atoll_trap(void) {}",
        "-O2 -fpic",
        "ATL901",
        "outside")]
    [InlineData(
        "static _Thread_local int mine; int atoll_boot_main(int a) { return mine += a; } void atoll_instance_main(void) {} void atoll_trap(void) {}",
        "-O2 -fpie",
        "ATL9015",
        "atoll_boot_main")]
    [InlineData(
        "int shared; int atoll_boot_main(void) { return shared; } void atoll_instance_main(void) {} void atoll_trap(void) {}",
        "-O2 -fpie -fcommon",
        "ATL9021",
        "-fno-common")]
    // Case elf/3, constructor-never-runs.
    [InlineData(
        "volatile int x; __attribute__((constructor)) static void early(void) { x = 7; } "
            + "int atoll_boot_main(void) { return x; } void atoll_instance_main(void) {} void atoll_trap(void) {}",
        "-O2 -fpie",
        "ATL9016",
        ".init_array")]
    [InlineData(
        "static void one(void) {} static void *choose(void) { return one; } void chosen(void) __attribute__((ifunc(\"choose\"))); "
            + "void atoll_boot_main(void) { chosen(); } void atoll_instance_main(void) {} void atoll_trap(void) {}",
        "-O2 -fpie",
        "ATL9016",
        "'chosen'")]
    [InlineData("int main(void) { return 0; }", "-O2 -fpie", "ATL9012", "atoll_boot_main")]
    public void AnyOtherIsRefusedByName(string source, string options, string id, string named) =>
        Each(source, $"{Freestanding} {options}", (compiler, bytes) =>
        {
            LinkResult result = Linker.Link.Run(new LinkRequest { Objects = [new LinkInput("kernel.o", bytes)] });

            Assert.False(result.Succeeded, compiler);
            Assert.Contains(
                result.Diagnostics,
                finding => finding.Id.StartsWith(id, StringComparison.Ordinal)
                    && finding.Message.Contains(named, StringComparison.Ordinal));
        });

    /// <summary>Compiles with each compiler that is here.</summary>
    private void Each(string source, string options, Action<string, byte[]> check)
    {
        string file = Path.Combine(_folder, "source.c");
        string compiled = Path.Combine(_folder, "source.o");
        File.WriteAllText(file, source);
        foreach (string[] names in new[] { s_gcc, s_clang })
        {
            if (InstalledTool.Find(names) is not { } compiler)
            {
                output.WriteLine($"{names[0]} is not installed: nothing was compiled with it");
                continue;
            }

            string[] arguments = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            (int exitCode, string said) = InstalledTool.Run(compiler, [.. arguments, "-c", file, "-o", compiled]);
            Assert.True(exitCode == 0, $"{compiler} {options}\n{said}");
            check(compiler, File.ReadAllBytes(compiled));
        }
    }
}
