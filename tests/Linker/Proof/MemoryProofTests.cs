using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Access to segments, padding, and vector registers of interrupted code.</summary>
public sealed class MemoryProofTests
{
    private const ulong Text = 0xFFFF_FFFF_8020_0000;

    private static readonly LinkedImage s_image = LinkedImage.Of(
        ObjectBuilder.WithRoots().Data("first", new byte[4]).Data("second", new byte[4]));

    [Fact]
    public void WritableTextIsFound()
    {
        IReadOnlyList<Diagnostic> findings = ProofSubject.Findings(s_image.WithHeader(Text, 4, PF_R | PF_W | PF_X), "ATL9059");

        Assert.Contains(findings, finding => finding.Message.Contains("at 0xffffffff80200000 is writable and executable", StringComparison.Ordinal));
    }

    [Fact]
    public void SectionThatSaysOtherwiseIsFound() =>
        Assert.Contains(
            ProofSubject.Findings(s_image.WithHeader(s_image.AddressOf("__readonly_start"), 4, PF_R | PF_W), "ATL9059"),
            finding => finding.Message.Contains("Section '.rodata'", StringComparison.Ordinal));

    [Fact]
    public void PageOfTwoSegmentsIsFound()
    {
        ulong shared = 0x20_0000;
        byte[] patched = s_image.WithHeader(s_image.AddressOf("__data_start"), 24, shared);

        Assert.Contains("share the physical page 0x200000", Assert.Single(ProofSubject.Findings(patched, "ATL9059")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CodeInPaddingIsFound()
    {
        // Functions of one byte, 16 apart: INT3 between them.
        ulong padding = s_image.AddressOf("atoll_boot_main") + 1;

        Diagnostic finding = ProofSubject.Finding(s_image.Patched(padding, 0xC3));

        Assert.Equal("ATL9060", finding.Id);
        Assert.Contains("holds 0xc3 in place of 0xcc", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SymbolOfDataHidesNoCode()
    {
        // A datum in text: a name, but nothing that was decoded.
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .Code("holder", [0xC3, 0x0F, 0x30, 0xC3])
            .Data("keeper", new byte[8], new Fixup(0, R_X86_64_64, "holder"));
        LinkedImage image = LinkedImage.Of(new Model.LinkRequest { Objects = [builder.Build()], Roots = ["keeper"] });
        int symbol = image.Bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(image.AddressOf("holder")));
        byte[] patched = [.. image.Bytes];
        // Elf64_Sym: st_info 4 bytes before st_value: STB_GLOBAL, STT_OBJECT.
        patched[symbol - 4] = 0x11;

        Assert.Equal("ATL9060", ProofSubject.Finding(patched).Id);
    }

    [Fact]
    public void ExecutableZerosAreFound()
    {
        ulong size = s_image.Loads.Single(load => load.VirtualAddress == Text).MemoryBytes;

        Assert.Contains(
            "the file does not hold",
            Assert.Single(ProofSubject.Findings(s_image.WithHeader(Text, 40, size + 1), "ATL9059")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TwoRegistersInOneSlotAreOneTooMany()
    {
        // movaps [rsp+0x50], xmm5 → movaps [rsp+0x40], xmm5: where XMM4 is.
        byte[] patched = Replace(Trap(0x90).Bytes, [0x0F, 0x29, 0x6C, 0x24, 0x50], [0x0F, 0x29, 0x6C, 0x24, 0x40]);

        Assert.All(ProofSubject.Findings(patched, "ATL9058"), finding => Assert.Contains("xmm5", finding.Message, StringComparison.Ordinal));
    }

    /// <summary>A store of half of the register saves none of it (Intel SDM Vol. 2A, "MOVLPS").</summary>
    [Fact]
    public void RegisterOfWhichHalfIsStoredIsNotSaved()
    {
        // movaps [rsp+0x50], xmm5 → movlps [rsp+0x50], xmm5
        byte[] patched = Replace(Trap(0x90).Bytes, [0x0F, 0x29, 0x6C, 0x24, 0x50], [0x0F, 0x13, 0x6C, 0x24, 0x50]);

        Assert.All(ProofSubject.Findings(patched, "ATL9058"), finding => Assert.Contains("xmm5", finding.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void BytesBetweenSegmentsAreFound()
    {
        byte[] patched = [.. s_image.Bytes];
        ulong end = s_image.Loads.Single(load => load.VirtualAddress == Text) is var text ? text.FileOffset + text.FileBytes : 0;
        patched[(int)end + 3] = 0x41;

        Assert.Equal("ATL9060", ProofSubject.Finding(patched).Id);
    }

    [Fact]
    public void DataBehindTheLastSymbolIsFound()
    {
        ulong notes = s_image.AddressOf("pvh_note");
        // What lies between the messages of the boot segment and the note: alignment.
        byte[] patched = s_image.Patched(notes - 1, 0x41);

        Assert.Equal("ATL9060", ProofSubject.Finding(patched).Id);
    }

    [Fact]
    public void RegisterThatTheEntryForgotIsFound()
    {
        LinkedImage image = Trap(0x0F, 0x10, 0x2F); // movups xmm5, [rdi]
        Assert.Empty(ProofSubject.Prove(image.Bytes).Findings);

        Diagnostic finding = Assert.Single(ProofSubject.Findings(Forget5(image, andRestore: true), "ATL9058"));

        Assert.Equal(("ATL9058", "atoll_trap"), (finding.Id, finding.Symbol));
        Assert.Contains("uses xmm5", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RegisterThatNothingUsesNeedNotBeSaved() =>
        Assert.Empty(ProofSubject.Prove(Forget5(Trap(0x0F, 0x10, 0x37), andRestore: true)).Findings);

    [Fact]
    public void RegisterThatIsRestoredMustHaveBeenSaved() =>
        Assert.Equal("interrupt_common", Assert.Single(ProofSubject.Findings(Forget5(Trap(0x90), andRestore: false), "ATL9058")).Symbol);

    [Theory]
    [InlineData(new byte[] { 0xC5, 0xFC, 0x10, 0x07 })] // vmovups ymm0, [rdi]
    [InlineData(new byte[] { 0x0F, 0x6F, 0x07 })]       // movq mm0, [rdi]
    [InlineData(new byte[] { 0xD8, 0xC1 })]             // fadd st0, st1
    public void WiderRegisterIsNeverSaved(byte[] code) =>
        Assert.Single(ProofSubject.Findings(Trap(code).Bytes, "ATL9058"));

    [Fact]
    public void EntryThatUsesARegisterFirstIsFound()
    {
        // movaps [rsp], xmm0 → movaps xmm0, [rsp]
        byte[] patched = Replace(Trap(0x90).Bytes, [0x0F, 0x29, 0x04, 0x24], [0x0F, 0x28, 0x04, 0x24]);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9058"),
            finding => finding.Symbol == "interrupt_common" && finding.Message.Contains("uses xmm0 before", StringComparison.Ordinal));
    }

    /// <summary>XMM4 is saved, and restored, where XMM5 belongs: MOVAPS with another register in its ModRM
    /// byte.</summary>
    private static byte[] Forget5(LinkedImage image, bool andRestore)
    {
        byte[] copy = Replace(image.Bytes, [0x0F, 0x29, 0x6C, 0x24, 0x50], [0x0F, 0x29, 0x64, 0x24, 0x50]);
        return andRestore ? Replace(copy, [0x0F, 0x28, 0x6C, 0x24, 0x50], [0x0F, 0x28, 0x64, 0x24, 0x50]) : copy;
    }

    internal static LinkedImage Trap(params byte[] code) => LinkedImage.Of(new ObjectBuilder()
        .Code("atoll_boot_main", [0xC3]).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [.. code, 0xC3]));

    internal static byte[] Replace(byte[] image, byte[] old, byte[] other)
    {
        byte[] copy = [.. image];
        int position = copy.AsSpan().IndexOf(old);
        Assert.True(position > 0);
        other.CopyTo(copy, position);
        return copy;
    }
}
