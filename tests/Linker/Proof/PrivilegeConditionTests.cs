using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Proof;

/// <summary>One image for each kind of privileged instruction, and for each condition under which a claim allows one.</summary>
public sealed class PrivilegeConditionTests
{
    // Intel SDM Vol. 2 and AMD APM Vol. 3, one encoding of each kind that PrivilegedKind.cs names and no other test has.
    [Theory]
    [InlineData("load-segment", new byte[] { 0x0F, 0xA1 })] // pop fs
    [InlineData("load-segment", new byte[] { 0x0F, 0xB2, 0x07 })] // lss eax, [rdi]
    [InlineData("load-segment", new byte[] { 0x0F, 0xB4, 0x07 })] // lfs eax, [rdi]
    [InlineData("load-segment", new byte[] { 0x0F, 0xB5, 0x07 })] // lgs eax, [rdi]
    [InlineData("far-transfer", new byte[] { 0xFF, 0x2F })] // jmp far [rdi]
    [InlineData("far-transfer", new byte[] { 0xFF, 0x1F })] // call far [rdi]
    [InlineData("int", new byte[] { 0xF1 })] // int1
    [InlineData("iret", new byte[] { 0xCF })] // iretd
    [InlineData("sidt", new byte[] { 0x0F, 0x01, 0x0F })]
    [InlineData("sldt", new byte[] { 0x0F, 0x00, 0xC0 })]
    [InlineData("str", new byte[] { 0x0F, 0x00, 0xC8 })]
    [InlineData("smsw", new byte[] { 0x0F, 0x01, 0xE0 })]
    [InlineData("lldt", new byte[] { 0x0F, 0x00, 0xD0 })]
    [InlineData("sysenter", new byte[] { 0x0F, 0x34 })]
    [InlineData("sysexit", new byte[] { 0x0F, 0x35 })]
    [InlineData("sysret", new byte[] { 0x0F, 0x07 })]
    [InlineData("vmcall", new byte[] { 0x0F, 0x01, 0xC1 })]
    [InlineData("vmmcall", new byte[] { 0x0F, 0x01, 0xD9 })]
    [InlineData("vmfunc", new byte[] { 0x0F, 0x01, 0xD4 })]
    [InlineData("mwait", new byte[] { 0x0F, 0x01, 0xC9 })]
    [InlineData("monitorx", new byte[] { 0x0F, 0x01, 0xFA })]
    [InlineData("mwaitx", new byte[] { 0x0F, 0x01, 0xFB })]
    [InlineData("uiret", new byte[] { 0xF3, 0x0F, 0x01, 0xEC })]
    [InlineData("senduipi", new byte[] { 0xF3, 0x0F, 0xC7, 0xF0 })]
    [InlineData("stui", new byte[] { 0xF3, 0x0F, 0x01, 0xEF })]
    [InlineData("rdfsbase", new byte[] { 0xF3, 0x48, 0x0F, 0xAE, 0xC0 })]
    [InlineData("rdgsbase", new byte[] { 0xF3, 0x48, 0x0F, 0xAE, 0xC8 })]
    [InlineData("wrfsbase", new byte[] { 0xF3, 0x48, 0x0F, 0xAE, 0xD0 })]
    [InlineData("getsec", new byte[] { 0x0F, 0x37 })]
    [InlineData("xbegin", new byte[] { 0xC7, 0xF8, 0, 0, 0, 0 })]
    [InlineData("enclu", new byte[] { 0x0F, 0x01, 0xD7 })]
    [InlineData("encls", new byte[] { 0x0F, 0x01, 0xCF })]
    [InlineData("wrpkru", new byte[] { 0x0F, 0x01, 0xEF })]
    [InlineData("rsm", new byte[] { 0x0F, 0xAA })]
    [InlineData("read-dr7", new byte[] { 0x0F, 0x21, 0xF8 })]
    [InlineData("read-cr8", new byte[] { 0x44, 0x0F, 0x20, 0xC0 })]
    [InlineData("write-cr8", new byte[] { 0x44, 0x0F, 0x22, 0xC0 })]
    [InlineData("invpcid", new byte[] { 0x66, 0x0F, 0x38, 0x82, 0x07 })]
    [InlineData("insb", new byte[] { 0x6C })]
    [InlineData("outsb", new byte[] { 0x6E })]
    public void KindIsFound(string kind, byte[] code) =>
        Assert.Contains(
            ProofSubject.Findings(ProofSubject.WithBootMain([.. code, 0xC3]).Bytes, "ATL9052"),
            finding => finding.Symbol == "atoll_boot_main" && finding.Message.Contains($"('{kind}')", StringComparison.Ordinal));

    /// <summary>A site ends where the call ended: the instruction behind it has no leave.</summary>
    [Fact]
    public void SiteCoversNothingBehindIt()
    {
        LinkedImage image = ProofSubject.WithBootMain([.. LinkedImage.CallBytes, 0xF4, 0xC3], Fixup.Call("x64_halt"));

        Diagnostic finding = ProofSubject.Finding(image);

        Assert.Equal("ATL9052", finding.Id);
        Assert.Contains("'atoll_boot_main'+0x5", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>HLT, then an instruction of five bytes: a call cannot have been there.</summary>
    [Fact]
    public void SiteThatEndsInsideAnInstructionIsNone() =>
        Assert.Contains(
            WithClaim([0xF4, 0xB8, 1, 0, 0, 0, 0xC3], image => $"site {image.AddressOf("atoll_boot_main"):x} x64_halt hlt"),
            finding => finding.Id == "ATL9061" && finding.Message.Contains("is no call's place", StringComparison.Ordinal));

    [Fact]
    public void SiteThatBeginsInsideAnInstructionIsNone() =>
        Assert.Contains(
            WithClaim([0xB8, 1, 0, 0, 0, 0xF4, 0xC3], image => $"site {image.AddressOf("atoll_boot_main") + 1:x} x64_halt hlt"),
            finding => finding.Id == "ATL9061" && finding.Message.Contains("is no call's place", StringComparison.Ordinal));

    [Fact]
    public void SiteOutsideOfCodeIsNone() =>
        Assert.Contains(
            WithClaim([0xC3], image => $"site {image.AddressOf("idt"):x} x64_halt hlt"),
            finding => finding.Id == "ATL9061" && finding.Message.Contains("is no call's place", StringComparison.Ordinal));

    [Fact]
    public void SiteAllowsItsKindsOnly() =>
        Assert.Equal(
            ["ATL9052", "ATL9061"],
            WithClaim([0xFA, 0x0F, 0x1F, 0x40, 0x00, 0xC3], image => $"site {image.AddressOf("atoll_boot_main"):x} x64_halt hlt")
                .Select(finding => finding.Id));

    [Fact]
    public void SiteOfItsKindIsAllowed() =>
        Assert.Empty(WithClaim([0xF4, 0x0F, 0x1F, 0x40, 0x00, 0xC3], image => $"site {image.AddressOf("atoll_boot_main"):x} x64_halt hlt"));

    [Fact]
    public void ClaimOfAnotherFunctionAllowsNothing() =>
        Assert.Equal(
            ["ATL9052", "ATL9061"],
            WithClaim([0xF4, 0xC3], _ => "privileged atoll_trap hlt").Select(finding => finding.Id));

    [Theory]
    [InlineData("jumps-anywhere atoll_trap", new byte[] { 0xC3 }, "ATL9061")]
    [InlineData("jumps-anywhere atoll_boot_main", new byte[] { 0xFF, 0xD0, 0xC3 }, "ATL9055")]
    [InlineData("entry nobody -", new byte[] { 0xC3 }, "ATL9057")]
    [InlineData("privileged atoll_boot_main cli", new byte[] { 0xC3 }, "ATL9061")]
    public void ClaimThatDoesNotFitIsFound(string claim, byte[] code, string id) =>
        Assert.Contains(WithClaim(code, _ => claim), finding => finding.Id == id);

    private static IReadOnlyList<Diagnostic> WithClaim(byte[] code, Func<LinkedImage, string> claim)
    {
        LinkedImage image = ProofSubject.WithBootMain(code);
        return ProofSubject.Prove(image.WithClaims([.. ProofSubject.ClaimsOf(image), claim(image)])).Findings;
    }
}
