using System.Diagnostics;
using Atoll.Abi;
using Atoll.Linker.Bundle;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;
using Atoll.Linker.Proof;
using Atoll.Linker.Proof.Properties;

namespace Atoll.Image.Tests;

/// <summary>A program of C#, through csc with the kernel's rules, ILC, linker and proof; and in one bundle with the
/// kernel.</summary>
public sealed class ProgramImageTests
{
    [Fact]
    public void TrivialProgram_IsCompiled_Linked_Proved_Inspected_AndBundled()
    {
        Build(KernelImage.In("services", "Idle", "Program", "Idle.Program.csproj"));
        byte[] program = File.ReadAllBytes(KernelImage.In("artifacts", "programs", "idle.elf"));

        DiagnosticBag findings = new();
        ProofReport? report = ImageProof.Run(program, "idle.elf", findings);
        Assert.Empty(findings.Found);
        Assert.True(report is { Holds: true, IsProgram: true });
        Assert.Equal(0, report.Properties.Single(property => property.Name == "privileged").Examined);
        StackBound stack = Assert.Single(report.Stacks);
        Assert.Equal((4096ul, "Atoll.Services.Idle.IdleProgram.Main"), (stack.SizeBytes, stack.Chain[^1]));

        ImageReport inspected = ImageInspector.Inspect(program, "idle.elf", findings)!;
        Assert.All(inspected.Segments, segment => Assert.InRange(segment.VirtualAddress, 0x40_0000ul, 0x40_2000ul));
        Assert.NotNull(inspected.BuildId);

        byte[] kernel = File.ReadAllBytes(KernelImage.Path);
        byte[] bundle = BundleWriter.Write([new("atoll", BundleKind.Kernel, kernel), new("idle", BundleKind.Program, program)]);
        IReadOnlyList<BundledImage> read = BundleReader.Read(bundle, "boot.bundle", findings)!;
        Assert.Equal([kernel, program], read.Select(image => image.Content.ToArray()));
    }

    private static void Build(string project)
    {
        ProcessStartInfo start = new("dotnet", ["build", project, "-c", "Release", "-m:2", "-nodeReuse:false", "-v:quiet", "-nologo"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
