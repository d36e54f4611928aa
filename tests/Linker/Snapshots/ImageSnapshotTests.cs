using System.Text;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Dwarf;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>What the linker makes of small inputs, as it was last read by somebody.</summary>
public sealed class ImageSnapshotTests
{
    /// <summary>Most findings of one input that the snapshot shows.</summary>
    private const int FindingsShown = 4;

    private static readonly LinkedImage s_kernel = LinkedImage.Of(DebugObject.Sample());

    private static readonly LinkedImage s_program = LinkedImage.Of(new LinkRequest
    {
        Objects = [new ObjectBuilder().Code("atoll_program_main", [0xEB, 0xFE]).Build()],
        Profile = ProgramProfile.Of(new ProgramRequest("sample", 4096)),
    });

    [Fact]
    public void Layout() => Snapshot.Verify("kernel_layout", LayoutOf(s_kernel));

    [Fact]
    public void LayoutOfAProgram() => Snapshot.Verify("program_layout", LayoutOf(s_program));

    [Fact]
    public void Map() => Snapshot.Verify("kernel_map", s_kernel.Result.Map!);

    [Fact]
    public void ProofOfAKernel() => Snapshot.Verify("kernel_proof", ProofOf(LinkedImage.Of(ObjectBuilder.WithRoots()), "kernel.elf"));

    [Fact]
    public void ProofOfAProgram() => Snapshot.Verify("program_proof", ProofOf(s_program, "program.elf"));

    [Fact]
    public void DiagnosticsOfFaultyInputs() =>
        Snapshot.Verify("faulty_inputs", TextOf(FaultyInput.All.Select(input => (input.Name, input.Findings))));

    [Fact]
    public void DiagnosticsOfFaultyImages() =>
        Snapshot.Verify("faulty_images", TextOf(FaultyImage.All.Select(image => (image.Name, image.Findings))));

    [Fact]
    public void EachFaultIsFound()
    {
        Assert.All(FaultyInput.All, input => Assert.NotEmpty(input.Findings));
        Assert.All(FaultyImage.All, image => Assert.NotEmpty(image.Findings));
        Assert.True(FaultyInput.All.Count >= 20);
    }

    private static string TextOf(IEnumerable<(string Name, IReadOnlyList<Diagnostic> Findings)> faults)
    {
        StringBuilder text = new();
        foreach ((string name, IReadOnlyList<Diagnostic> findings) in faults)
        {
            text.Append($"# {name}\n");
            foreach (Diagnostic finding in findings.Take(FindingsShown))
            {
                text.Append($"{finding}\n");
            }

            text.Append(findings.Count > FindingsShown ? $"and {findings.Count - FindingsShown} more\n\n" : "\n");
        }

        return text.ToString();
    }

    private static string LayoutOf(LinkedImage image)
    {
        StringBuilder text = new();
        text.Append($"entry {image.File.EntryAddress:x}\n\ntype flags virtual physical file-offset file memory\n");
        foreach (ElfSegment segment in image.File.Segments)
        {
            text.Append($"{segment.Type} {segment.Flags} {segment.VirtualAddress:x} {segment.PhysicalAddress:x} ")
                .Append($"{segment.FileOffset:x} {segment.FileBytes:x} {segment.MemoryBytes:x}\n");
        }

        text.Append("\nsection type flags address size alignment\n");
        foreach (ElfSection section in image.File.Sections)
        {
            text.Append($"{(section.Name.Length == 0 ? "-" : section.Name)} {section.Type} {section.Flags:x} ")
                .Append($"{section.Address:x} {section.SizeBytes:x} {section.AlignmentBytes}\n");
        }

        return text.ToString();
    }

    /// <summary>The summary without the hash, which every byte of the image changes.</summary>
    private static string ProofOf(LinkedImage image, string name)
    {
        ProofReport report = ImageProof.Run(image.Bytes, name, new DiagnosticBag())!;
        Assert.True(report.Holds);
        IEnumerable<string> lines = ProofSummary.Lines(report).Where(line => !line.StartsWith("sha256 ", StringComparison.Ordinal));
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
