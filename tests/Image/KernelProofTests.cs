using System.Diagnostics;
using System.Text;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Proof;
using Iced.Intel;

namespace Atoll.Image.Tests;

/// <summary>The proof of the kernel that the build has made, and of the same kernel spoiled by one or two
/// bytes.</summary>
public sealed class KernelProofTests
{
    /// <summary>A method of C# without branches into its middle, with lines.</summary>
    private const string Culprit = "Atoll_Trap_Atoll_Trap_InstancePanic__Die";

    private static readonly byte[] s_bytes = File.ReadAllBytes(KernelImage.Path);
    private static readonly ElfFile s_file = ElfReader.Read(s_bytes, "atoll.elf", new())!;

    [Fact]
    public void KernelIsProved_AndInTime()
    {
        Prove(s_bytes);
        long start = Stopwatch.GetTimestamp();
        (ProofReport report, IReadOnlyList<Diagnostic> findings) = Prove(s_bytes);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);

        Assert.Empty(findings);
        Assert.True(report.Holds);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
        Assert.True(report.Instructions > 10_000);
    }

    [Fact]
    public void Kernel_TrustsOnlyWhatIsListedHere()
    {
        string[] kinds = [.. Prove(s_bytes).Report.Trusted.Select(claim => claim.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)];
        string[] odd = [.. Prove(s_bytes).Report.Trusted.Where(claim => claim.StartsWith("jumps-", StringComparison.Ordinal)
            || claim.StartsWith("exhausts-", StringComparison.Ordinal) || claim.StartsWith("abandons-", StringComparison.Ordinal)
            || claim.StartsWith("user-", StringComparison.Ordinal) || claim.StartsWith("traps", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(["abandons-stack", "copied", "entry", "mode", "privileged", "site", "stack", "traps", "user-entry", "user-exit"], kinds);
        Assert.Equal(
            [
                "abandons-stack x64_resume", "traps idt tss 2", "user-entry syscall_entry", "user-exit syscall_entry", "user-exit user_run",
                "user-exit user_switch",
            ],
            odd);
    }

    [Fact]
    public void EveryStackOfTheKernel_IsBounded()
    {
        ProofReport report = Prove(s_bytes).Report;

        Assert.Equal(
            ["boot", "double-fault", "kernel", "machine-check", "nmi"],
            report.Stacks.Where(stack => stack.SizeBytes > 0).Select(stack => stack.Stack).Distinct());
        Assert.Contains(report.Stacks, stack => stack.Entry == "x64_enter_instance" && stack.Chain.Contains("Atoll.Boot.EntryPoints.InstanceMain"));
        Assert.All(report.Stacks.Where(stack => stack.SizeBytes > 0), stack => Assert.InRange((ulong)stack.WorstBytes, 1ul, stack.SizeBytes));
    }

    /// <summary>Each fence of the kernel, one at a time: as a fence that orders no store before a load, or as nothing.</summary>
    [Fact]
    public void FenceThatIsNone_IsFound()
    {
        ulong[] fences = [.. FencesOfText(Code.Mfence)];
        ulong[] loadFences = [.. FencesOfText(Code.Lfence)];

        Assert.NotEmpty(fences);
        Assert.NotEmpty(loadFences);
        Assert.All(fences, fence => AssertMissing(WithLoadFences(TogetherWith(fence, fences)), fence));
        Assert.All(loadFences, fence => AssertMissing(Patched(fence, [0x0F, 0x1F, 0x00]), fence)); // nop
    }

    /// <summary>Between the goodbye's fence and the x2APIC's nothing is stored, so either would do: only without both is there none.</summary>
    private static ulong[] TogetherWith(ulong fence, ulong[] fences)
    {
        ElfSymbol twice = s_file.Symbols.Single(symbol => symbol.Name.EndsWith("_LinkTable__Release", StringComparison.Ordinal));
        return fence - twice.Value < twice.SizeBytes ? [.. fences.Where(other => other - twice.Value < twice.SizeBytes)] : [fence];
    }

    private static byte[] WithLoadFences(ulong[] fences)
    {
        byte[] patched = [.. s_bytes];
        foreach (ulong fence in fences)
        {
            Patch(patched, fence, [0x0F, 0xAE, 0xE8]);
        }

        return patched;
    }

    private static void AssertMissing(byte[] image, ulong fence) =>
        Assert.True(Prove(image).Findings.Any(finding => finding.Id == "ATL9064"), $"the fence at 0x{fence:x} is not missed");

    private static IEnumerable<ulong> FencesOfText(Code code)
    {
        ElfSection text = s_file.FindSection(".text")!;
        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(text.Content.ToArray()), text.Address);
        while (decoder.IP < text.Address + text.SizeBytes)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.Code == code)
            {
                yield return instruction.IP;
            }
        }
    }

    // Over an instruction of a method, with NOPs for what is left of it.
    [Theory]
    [InlineData("ATL9051", new byte[] { 0x87, 0x07 })] // xchg [rdi], eax
    [InlineData("ATL9052", new byte[] { 0x0F, 0x30 })] // wrmsr
    [InlineData("ATL9054", new byte[] { 0xEB, 0xFF })] // jmp into itself
    [InlineData("ATL9055", new byte[] { 0xFF, 0xE0 })] // jmp rax
    [InlineData("ATL9057", new byte[] { 0x50, 0xC3 })] // push rax; ret
    public void SpoiledMethod_IsNamedWithItsLine(string id, byte[] bytes)
    {
        (ulong place, int length) = InstructionOf(Culprit, bytes.Length);
        byte[] filled = [.. bytes, .. Enumerable.Repeat((byte)0x90, length - bytes.Length)];
        Diagnostic[] findings = [.. Prove(Patched(place, filled)).Findings.Where(finding => finding.Id == id && finding.Symbol == Culprit)];

        Assert.NotEmpty(findings);
        Assert.Contains("Atoll.Trap.InstancePanic.Die", findings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("kernel/Trap/InstancePanic.cs", findings[0].Source!.Value.File, StringComparison.Ordinal);
        Assert.InRange(findings[0].Source!.Value.Line, 10, 60);
    }

    [Fact]
    public void SmallerStack_IsTooSmall()
    {
        // The claim of the NMI's stack, cut to 1 KiB from below.
        byte[] patched = Renamed("stack nmi ffffffff80306000", "stack nmi ffffffff80306c00");

        Assert.Contains(Prove(patched).Findings, finding => finding.Id == "ATL9056" && finding.Message.Contains("'vector 2' needs", StringComparison.Ordinal));
    }

    [Fact]
    public void UnsavedRegister_IsNamedWhereCompiledCodeUsesIt()
    {
        byte[] patched = [.. s_bytes];
        // movaps [rsp], xmm0 → nop; the restoring load stays.
        int save = patched.AsSpan().IndexOf((byte[])[0x0F, 0x29, 0x04, 0x24]);
        new byte[] { 0x0F, 0x1F, 0x40, 0x00 }.CopyTo(patched, save);

        Diagnostic[] findings = [.. Prove(patched).Findings.Where(finding => finding.Id == "ATL9058")];

        Assert.Contains(findings, finding => finding.Source is { } line && line.File.Contains("/kernel/", StringComparison.Ordinal));
    }

    [Fact]
    public void SiteThatNobodyClaims_IsFound()
    {
        string claim = Prove(s_bytes).Report.Trusted.First(line => line.StartsWith("site ", StringComparison.Ordinal));
        string elsewhere = claim[..^1] + (claim[^1] == 'x' ? 'y' : 'x');

        Diagnostic[] findings = [.. Prove(Renamed(claim, elsewhere)).Findings];

        Assert.Contains(findings, finding => finding.Id == "ATL9052" && finding.Source is not null);
        Assert.Contains(findings, finding => finding.Id == "ATL9061");
    }

    /// <summary>An instruction of a method with at least so many bytes, behind the prologue.</summary>
    private static (ulong Address, int Length) InstructionOf(string name, int bytes)
    {
        ElfSymbol method = s_file.Symbols.Single(symbol => symbol.Name == name);
        ElfSection text = s_file.FindSection(".text")!;
        byte[] code = text.Content.Slice((int)(method.Value - text.Address), (int)method.SizeBytes).ToArray();
        List<Instruction> instructions = [];
        var decoder = Iced.Intel.Decoder.Create(64, code, method.Value);
        while (decoder.IP < method.Value + method.SizeBytes)
        {
            instructions.Add(decoder.Decode());
        }

        Instruction found = instructions.Skip(instructions.Count / 4).First(instruction =>
            instruction.Length >= bytes && instruction.FlowControl == FlowControl.Next && !instruction.IsStackInstruction);
        return (found.IP, found.Length);
    }

    private static byte[] Patched(ulong address, byte[] bytes)
    {
        byte[] patched = [.. s_bytes];
        Patch(patched, address, bytes);
        return patched;
    }

    private static void Patch(byte[] image, ulong address, byte[] bytes)
    {
        ElfSegment load = s_file.Segments.Single(segment =>
            segment.Type == ElfNative.PT_LOAD && address - segment.VirtualAddress < segment.FileBytes);
        bytes.CopyTo(image, (int)(load.FileOffset + (address - load.VirtualAddress)));
    }

    private static byte[] Renamed(string old, string other)
    {
        byte[] patched = [.. s_bytes];
        int position = patched.AsSpan().IndexOf(Encoding.UTF8.GetBytes(old));
        Assert.True(position > 0, old);
        Encoding.UTF8.GetBytes(other).CopyTo(patched, position);
        return patched;
    }

    private static (ProofReport Report, IReadOnlyList<Diagnostic> Findings) Prove(byte[] image)
    {
        DiagnosticBag findings = new();
        ProofReport? report = ImageProof.Run(image, "atoll.elf", findings);
        Assert.NotNull(report);
        return (report, findings.Found);
    }
}
