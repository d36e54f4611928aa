using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Properties of single instructions: locks, privileges, names of the runtime.</summary>
public sealed class InstructionProofTests
{
    [Fact]
    public void GoodImageIsProved()
    {
        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(LinkedImage.Of(ObjectBuilder.WithRoots()).Bytes);

        Assert.Empty(findings);
        Assert.True(report!.Holds);
        Assert.Equal(13, report.Properties.Count);
        Assert.All(report.Properties, property => Assert.True(property.Examined > 0, property.Name));
        // 256 entries, the ends of six of their groups, where those of no exceptions go on, two of wakers, the common path, PVH entry, report, long mode entry, three parts of the AP's start, three roots,
        // and the stub that enters.
        Assert.Equal(256 + 6 + 1 + 2 + 1 + 3 + 3 + 3 + 1, report.Functions);
    }

    [Fact]
    public void LockPrefixIsFound()
    {
        Diagnostic finding = ProofSubject.Finding(ProofSubject.WithBootMain(a =>
        {
            a.nop();
            a.@lock.inc(__dword_ptr[rdi]);
            a.ret();
        }));

        Assert.Equal(("ATL9051", "atoll_boot_main"), (finding.Id, finding.Symbol));
        Assert.StartsWith("'atoll_boot_main'+0x1 (0x", finding.Message, StringComparison.Ordinal);
        Assert.Contains("lock inc", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExchangeWithMemoryLocksWithoutAPrefix()
    {
        Diagnostic finding = ProofSubject.Finding(ProofSubject.WithBootMain(a => { a.xchg(__[rdi], eax); a.ret(); }));

        Assert.Equal("ATL9051", finding.Id);
        Assert.Contains("without a prefix", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExchangeOfRegistersDoesNotLock() =>
        Assert.True(ProofSubject.Prove(ProofSubject.WithBootMain(a => { a.xchg(ecx, edx); a.ret(); }).Bytes).Report!.Holds);

    // CPL 0 or IOPL by the manual (Intel SDM Vol. 3A, "Privileged Instructions"; Vol. 1, "I/O Privilege Level"),
    // and what changes mode, ring, segment or interrupt flag.
    [Theory]
    [InlineData("hlt", new byte[] { 0xF4 })]
    [InlineData("cli", new byte[] { 0xFA })]
    [InlineData("sti", new byte[] { 0xFB })]
    [InlineData("in", new byte[] { 0xEC })]
    [InlineData("out", new byte[] { 0xEE })]
    [InlineData("rdmsr", new byte[] { 0x0F, 0x32 })]
    [InlineData("wrmsr", new byte[] { 0x0F, 0x30 })]
    [InlineData("invlpg", new byte[] { 0x0F, 0x01, 0x3F })]
    [InlineData("write-cr3", new byte[] { 0x0F, 0x22, 0xDF })]
    [InlineData("read-cr0", new byte[] { 0x0F, 0x20, 0xC0 })]
    [InlineData("write-dr7", new byte[] { 0x0F, 0x23, 0xFF })]
    [InlineData("lgdt", new byte[] { 0x0F, 0x01, 0x17 })]
    [InlineData("lidt", new byte[] { 0x0F, 0x01, 0x1F })]
    [InlineData("ltr", new byte[] { 0x0F, 0x00, 0xD8 })]
    [InlineData("lmsw", new byte[] { 0x0F, 0x01, 0xF0 })]
    [InlineData("clts", new byte[] { 0x0F, 0x06 })]
    [InlineData("invd", new byte[] { 0x0F, 0x08 })]
    [InlineData("wbinvd", new byte[] { 0x0F, 0x09 })]
    [InlineData("swapgs", new byte[] { 0x0F, 0x01, 0xF8 })]
    [InlineData("xsetbv", new byte[] { 0x0F, 0x01, 0xD1 })]
    [InlineData("vmxoff", new byte[] { 0x0F, 0x01, 0xC4 })]
    [InlineData("monitor", new byte[] { 0x0F, 0x01, 0xC8 })]
    [InlineData("load-segment", new byte[] { 0x8E, 0xD8 })]
    [InlineData("int", new byte[] { 0xCD, 0x20 })]
    [InlineData("syscall", new byte[] { 0x0F, 0x05 })]
    [InlineData("wrgsbase", new byte[] { 0xF3, 0x48, 0x0F, 0xAE, 0xDF })]
    [InlineData("sgdt", new byte[] { 0x0F, 0x01, 0x07 })]
    public void PrivilegedInstructionOutsideOfTrampolinesIsFound(string kind, byte[] code)
    {
        LinkedImage image = ProofSubject.WithBootMain([.. code, 0xC3]);

        Diagnostic finding = Assert.Single(ProofSubject.Findings(image.Bytes, "ATL9052"));

        Assert.Equal("atoll_boot_main", finding.Symbol);
        Assert.Contains($"('{kind}')", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("popf", new byte[] { 0x9C, 0x9D })]
    [InlineData("far-transfer", new byte[] { 0x48, 0xCB })]
    [InlineData("iret", new byte[] { 0x48, 0xCF })]
    public void ReturnsAndFlagsArePrivilegedToo(string kind, byte[] code) =>
        Assert.Contains(
            ProofSubject.Findings(ProofSubject.WithBootMain([.. code, 0xC3]).Bytes, "ATL9052"),
            finding => finding.Message.Contains($"('{kind}')", StringComparison.Ordinal));

    [Fact]
    public void StubMayDoWhatItDeclaresAndNothingElse()
    {
        LinkedImage image = WritingMsr();
        Assert.True(ProofSubject.Prove(image.Bytes).Report!.Holds);

        // WRMSR, behind two, two, three and four bytes, becomes RDMSR: one instruction too many, one claim too many.
        byte[] patched = image.Patched(image.AddressOf("x64_write_msr") + 11, 0x0F, 0x32);

        Assert.Equal(["ATL9052", "ATL9061"], ProofSubject.Prove(patched).Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void ClaimIsReadFromTheFile()
    {
        byte[] patched = WritingMsr().Renamed("privileged x64_write_msr wrmsr", "privileged x64_write_msr rdmsr");

        Assert.Equal(["ATL9052", "ATL9061"], ProofSubject.Prove(patched).Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void ImageWithoutClaimsIsNotProved() =>
        Assert.Equal("ATL9050", ProofSubject.Finding(WritingMsr().Renamed(".note.atoll.claims", ".note.other.claims")).Id);

    [Theory]
    [InlineData("boot_stack", "RhpThrowEx")]
    [InlineData("atoll_trap", "RhpNewFast")]
    [InlineData("__boot_start", "__EagerCctor")]
    public void RuntimeSymbolIsFound(string old, string other)
    {
        string[] names = [old, other];
        int length = names.Max(name => name.Length);
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        Diagnostic finding = Assert.Single(
            ProofSubject.Findings(image.Renamed(old.PadRight(length, '\0'), other.PadRight(length, '\0')), "ATL9053"));

        Assert.Equal(other, finding.Symbol);
    }

    private static LinkedImage WritingMsr() => LinkedImage.Of(
        ProofSubject.Kernel([0x50, .. LinkedImage.CallBytes, 0x59, 0xC3], Fixup.Call("x64_write_msr") with { Offset = 2 })
            .WithFrames(("atoll_boot_main", 8, 1)));
}
