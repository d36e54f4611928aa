using System.Security.Cryptography;
using System.Text.Json;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests;

/// <summary>The program: files in and out, exit code, and nothing on standard output that was not asked for.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-linker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ImageMapAndProofAreWrittenAndNothingElse()
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());

        (int code, string output, string errors) = Run(At("kernel.o"));

        Assert.Equal((0, "", ""), (code, output, errors));
        Assert.Equal(LinkedImage.Of(ObjectBuilder.WithRoots()).Bytes, File.ReadAllBytes(At("out/atoll.elf")));
        Assert.StartsWith("# Atoll map.", File.ReadAllText(At("out/atoll.map")), StringComparison.Ordinal);
        Assert.Equal(
            ["atoll.elf", "atoll.map", "atoll.proof.json", "atoll.proof.txt"],
            Directory.GetFiles(At("out")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void SummaryIsJsonWhenAskedFor()
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());

        (_, string output, _) = Run(At("kernel.o"), "--json");

        using JsonDocument summary = JsonDocument.Parse(output);
        JsonElement sizes = summary.RootElement;
        Assert.Equal(
            sizes.GetProperty("image").GetUInt64(),
            sizes.GetProperty("text").GetUInt64() + sizes.GetProperty("readOnly").GetUInt64()
                + sizes.GetProperty("data").GetUInt64());
        Assert.Equal(new FileInfo(At("out/atoll.elf")).Length, sizes.GetProperty("file").GetInt64());
    }

    [Fact]
    public void ProofIsOfTheFileThatWasWritten()
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());

        Run(At("kernel.o"), "--proof", At("out/elsewhere.json"));

        using JsonDocument proof = JsonDocument.Parse(File.ReadAllBytes(At("out/elsewhere.json")));
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At("out/atoll.elf"))));
        Assert.Equal(hash, proof.RootElement.GetProperty("sha256").GetString());
        Assert.True(proof.RootElement.GetProperty("holds").GetBoolean());
        Assert.StartsWith("atoll.elf: proved", File.ReadAllText(At("out/elsewhere.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void ImageThatIsNotProvedLeavesNoImage()
    {
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("out/atoll.elf"), "old");
        // lock inc dword [rdi]; ret
        byte[] locks = new ObjectBuilder().Code("atoll_boot_main", [0xF0, 0xFF, 0x07, 0xC3])
            .Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC3]).BuildBytes();
        File.WriteAllBytes(At("kernel.o"), locks);

        (int code, _, string errors) = Run(At("kernel.o"));

        Assert.NotEqual(0, code);
        Assert.StartsWith("Atoll.Linker : error ATL9051: 'atoll_boot_main'+0x0 ", errors, StringComparison.Ordinal);
        Assert.Equal(["atoll.proof.json", "atoll.proof.txt"], Directory.GetFiles(At("out")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void ProgramIsMadeWhenAskedFor()
    {
        File.WriteAllBytes(At("hello.o"), new ObjectBuilder().Code("atoll_program_main", [0xC3]).BuildBytes());

        Assert.Equal((0, "", ""), Run(At("hello.o"), "--program", "hello", "--stack", "8192"));
        Assert.StartsWith("atoll.elf: program proved", File.ReadAllText(At("out/atoll.proof.txt")), StringComparison.Ordinal);

        (int code, _, string errors) = Run(At("hello.o"), "--program", "hello", "--stack", "100");
        Assert.Equal(1, code);
        Assert.Contains("error ATL9043: The program cannot be made: 100 bytes of stack", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ManifestMakesAProgramWithItsNeeds()
    {
        File.WriteAllBytes(At("hello.o"), new ObjectBuilder().Code("atoll_program_main", [0xC3]).BuildBytes());
        File.WriteAllText(At("program.toml"), "name = \"atoll\"\nstack_kib = 8\n[[needs]]\nname = \"uart\"\nkind = \"ports\"\ncount = 8\n");

        Assert.Equal((0, "", ""), Run(At("hello.o"), "--manifest", At("program.toml")));

        // The name and kind of the need, as they lie in the file (ProgramNeed: name at 0, kind at 64).
        ReadOnlySpan<byte> file = File.ReadAllBytes(At("out/atoll.elf"));
        int need = file.IndexOf("uart\0"u8);
        Assert.Equal((3, 8), (file[need + 64], file[need + 72]));
    }

    [Fact]
    public void ManifestThatIsWrongIsADiagnosticAtItsPlace()
    {
        File.WriteAllBytes(At("hello.o"), new ObjectBuilder().Code("atoll_program_main", [0xC3]).BuildBytes());
        File.WriteAllText(At("program.toml"), "name = \"atoll\"\nstack_kib = 5\n");

        (int code, _, string errors) = Run(At("hello.o"), "--manifest", At("program.toml"));

        Assert.Equal(1, code);
        Assert.StartsWith($"{At("program.toml")}(2,13): error ATL9505: 'stack_kib' is 5", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("out/atoll.elf")));

        Assert.Contains("error ATL9500: ", Run(At("hello.o"), "--manifest", At("absent.toml")).Errors, StringComparison.Ordinal);

        File.WriteAllText(At("program.toml"), "name = \"hello\"\n");
        Assert.Contains(
            "error ATL9512: The program is called 'hello', and its image 'atoll'.",
            Run(At("hello.o"), "--manifest", At("program.toml")).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void BundleHoldsProvedImagesAndNoOther()
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());
        File.WriteAllBytes(At("hello.o"), new ObjectBuilder().Code("atoll_program_main", [0xC3]).BuildBytes());
        Run(At("hello.o"), "--program", "hello");
        File.Move(At("out/atoll.elf"), At("hello.elf"));
        Run(At("kernel.o"));

        Assert.Equal(0, Bundle(At("out/atoll.elf"), At("hello.elf")).Code);
        IReadOnlyList<BundledImage> images =
            BundleReader.Read(File.ReadAllBytes(At("boot.bundle")), "boot.bundle", new DiagnosticBag())!;
        Assert.Equal([("atoll", BundleKind.Kernel), ("hello", BundleKind.Program)], images.Select(image => (image.Name, image.Kind)));

        File.Delete(At("boot.bundle"));
        (int code, string errors) = Bundle(At("out/atoll.elf"), At("kernel.o"));
        Assert.Equal(1, code);
        Assert.Contains("error ATL9050: ", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("boot.bundle")));

        (code, errors) = Bundle(At("hello.elf"), At("hello.elf"));
        Assert.Equal(1, code);
        Assert.Contains("error ATL9043: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void FailureLeavesTheOldImageAndSaysWhy()
    {
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("out/atoll.elf"), "old");
        File.WriteAllBytes(At("kernel.o"), new ObjectBuilder().BuildBytes());

        (int code, string output, string errors) = Run(At("kernel.o"));

        Assert.NotEqual(0, code);
        Assert.Equal("", output);
        Assert.Equal(3, errors.Split('\n').Count(line => line.StartsWith("Atoll.Linker : error ATL9012: ", StringComparison.Ordinal)));
        Assert.Equal("old", File.ReadAllText(At("out/atoll.elf")));
    }

    [Fact]
    public void MissingInputIsADiagnosticWithoutAStackTrace()
    {
        (int code, _, string errors) = Run(At("absent.o"));

        Assert.NotEqual(0, code);
        Assert.Contains("error ATL9040: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void OutputThatCannotBeWrittenIsADiagnostic()
    {
        File.WriteAllBytes(At("kernel.o"), ObjectBuilder.WithRoots().BuildBytes());
        Directory.CreateDirectory(At("out/atoll.elf"));

        (int code, _, string errors) = Run(At("kernel.o"));

        Assert.NotEqual(0, code);
        Assert.Contains("error ATL9041: ", errors, StringComparison.Ordinal);
    }

    private (int Code, string Errors) Bundle(params string[] images)
    {
        using StringWriter errors = new();
        int code = CommandLine.Run(["bundle", .. images, "--output", At("boot.bundle")], TextWriter.Null, errors);
        return (code, errors.ToString());
    }

    private string At(string name) => Path.Combine(_folder, name);

    private (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        string[] all = [.. arguments, "--output", At("out/atoll.elf"), "--map", At("out/atoll.map")];
        int code = CommandLine.Run(all, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
