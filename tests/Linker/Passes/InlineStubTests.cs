using Atoll.Linker.Model;
using Atoll.Linker.Tests.Proof;
using Atoll.Linker.Trampolines;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Passes;

/// <summary>Calls that become the instructions of what they call.</summary>
public sealed class InlineStubTests
{
    // push; call; pop; ret
    private static byte[] Caller => [0x50, .. LinkedImage.CallBytes, 0x58, 0xC3];

    // Encodings by hand from the manual (Intel SDM Vol. 2): the instruction, then the recommended NOP for what is left.
    [Theory]
    [InlineData("x64_mmio_write32", new byte[] { 0x89, 0x37, 0x0F, 0x1F, 0x00 })]
    [InlineData("x64_mmio_read32", new byte[] { 0x8B, 0x07, 0x0F, 0x1F, 0x00 })]
    [InlineData("x64_halt", new byte[] { 0xF4, 0x0F, 0x1F, 0x40, 0x00 })]
    [InlineData("x64_disable_interrupts", new byte[] { 0xFA, 0x0F, 0x1F, 0x40, 0x00 })]
    [InlineData("x64_enable_interrupts_and_halt", new byte[] { 0xFB, 0xF4, 0xFA, 0x66, 0x90 })]
    [InlineData("x64_read_cr2", new byte[] { 0x0F, 0x20, 0xD0, 0x66, 0x90 })]
    [InlineData("x64_write_cr3", new byte[] { 0x0F, 0x22, 0xDF, 0x66, 0x90 })]
    [InlineData("x64_invalidate_page", new byte[] { 0x0F, 0x01, 0x3F, 0x66, 0x90 })]
    [InlineData("x64_out8", new byte[] { 0x89, 0xFA, 0x89, 0xF0, 0xEE })]
    [InlineData("x64_read_frame_pointer", new byte[] { 0x48, 0x89, 0xE8, 0x66, 0x90 })]
    public void CallBecomesTheInstruction(string stub, byte[] expected)
    {
        LinkedImage image = Calling(stub);

        Assert.Equal(expected, image.At(image.AddressOf("atoll_boot_main") + 1, 5).ToArray());
        Assert.False(image.Has(stub));
        Assert.Empty(ProofSubject.Prove(image.Bytes).Findings);
    }

    // RSP differs at the call; too long; does not go on; relative to RIP; more than a leaf.
    [Theory]
    [InlineData("x64_read_stack_pointer")]
    [InlineData("x64_read_tsc")]
    [InlineData("x64_in8")]
    [InlineData("x64_write_msr")]
    [InlineData("x64_check_failed")]
    [InlineData("x64_undefined_instruction")]
    [InlineData("x64_image_info")]
    [InlineData("x64_cpuid")]
    [InlineData("x64_read_flags")]
    public void CallStaysWhereItMust(string stub)
    {
        LinkedImage image = Calling(stub);

        Assert.Equal(0xE8, image.At(image.AddressOf("atoll_boot_main") + 1, 1)[0]);
        Assert.True(image.Has(stub));
    }

    // A jump stands behind the epilogue's POPs, where the compiler's call frame information is wrong.
    [Theory]
    [InlineData("x64_mmio_write32")]
    [InlineData("x64_open_interrupts")]
    public void JumpStays(string stub)
    {
        LinkedImage image = LinkedImage.Of(ProofSubject.Kernel([0xE9, 0, 0, 0, 0], Fixup.Call(stub)));

        Assert.Equal(0xE9, image.At(image.AddressOf("atoll_boot_main"), 1)[0]);
        Assert.True(image.Has(stub));
    }

    [Fact]
    public void StubWhoseAddressIsTakenStays()
    {
        ObjectBuilder builder = ProofSubject.Kernel(Caller, Fixup.Call("x64_halt") with { Offset = 2 })
            .Data("table", new byte[8], new Fixup(0, R_X86_64_64, "x64_halt"))
            // mov rax, [rip + table]; ret
            .Code("reader", [0x48, 0x8B, 0x05, 0, 0, 0, 0, 0xC3], new Fixup(3, R_X86_64_PC32, "table", -4))
            .Data("keeper", new byte[8], new Fixup(0, R_X86_64_64, "reader"));
        LinkedImage image = LinkedImage.Of(new LinkRequest { Objects = [builder.Build()], Roots = ["keeper"] });

        Assert.Equal(0xF4, image.At(image.AddressOf("atoll_boot_main") + 1, 1)[0]);
        Assert.True(image.Has("x64_halt"));
    }

    [Fact]
    public void CallIntoTheMiddleOfAStubStays()
    {
        Fixup middle = Fixup.Call("x64_write_cr3") with { Offset = 2, Addend = -1 };
        LinkedImage image = LinkedImage.Of(ProofSubject.Kernel(Caller, middle));

        Assert.Equal(0xE8, image.At(image.AddressOf("atoll_boot_main") + 1, 1)[0]);
    }

    [Fact]
    public void BytesThatLookLikeACallStay()
    {
        // mov rax, imm64 whose bytes hold E8 and a relocation behind it.
        byte[] code = [0x48, 0xB8, 0xE8, 0, 0, 0, 0, 0, 0, 0, 0xC3];
        LinkedImage image = LinkedImage.Of(ProofSubject.Kernel(code, Fixup.Call("x64_halt") with { Offset = 3 }));

        Assert.Equal(0xE8, image.At(image.AddressOf("atoll_boot_main") + 2, 1)[0]);
    }

    [Fact]
    public void CallWithTwoRelocationsStays()
    {
        Fixup call = Fixup.Call("x64_halt") with { Offset = 2 };
        LinkedImage image = LinkedImage.Of(ProofSubject.Kernel(Caller, call, call));

        Assert.Equal(0xE8, image.At(image.AddressOf("atoll_boot_main") + 1, 1)[0]);
    }

    [Fact]
    public void SiteIsClaimedAndTheClaimIsCheckedAgainstTheFile()
    {
        LinkedImage image = Calling("x64_halt");
        ulong site = image.AddressOf("atoll_boot_main") + 1;

        // One byte on: no instruction begins there, and HLT stands where nothing is claimed.
        byte[] patched = image.Renamed($"site {site:x} x64_halt hlt", $"site {site + 1:x} x64_halt hlt");

        Assert.Equal(["ATL9052", "ATL9061"], ProofSubject.Prove(patched).Findings.Select(finding => finding.Id).Order());
    }

    [Fact]
    public void SiteGivesLeaveToNoOtherPlaceOfItsFunction()
    {
        // push; call x64_halt; pop; hlt; ret
        ObjectBuilder builder = ProofSubject
            .Kernel([0x50, .. LinkedImage.CallBytes, 0x58, 0xF4, 0xC3], Fixup.Call("x64_halt") with { Offset = 2 });

        Assert.StartsWith(
            "'atoll_boot_main'+0x7 ", ProofSubject.Finding(LinkedImage.Of(builder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x90, 0xC3 }, true)]
    [InlineData(new byte[] { 0x48, 0x89, 0xC3, 0xC3 }, false)] // mov rbx, rax: the caller's
    [InlineData(new byte[] { 0x50, 0x58, 0xC3 }, false)]       // push, pop
    [InlineData(new byte[] { 0x74, 0x00, 0xC3 }, false)]       // je
    [InlineData(new byte[] { 0xC3 }, false)]                   // nothing to inline
    [InlineData(new byte[] { 0x90 }, false)]                   // does not return
    [InlineData(new byte[] { 0x90, 0xC3, 0x90 }, false)]       // goes on behind RET
    [InlineData(new byte[] { 0xC2, 0x08, 0x00 }, false)]       // ret 8
    [InlineData(new byte[] { 0x8B, 0x04, 0x24, 0xC3 }, false)] // mov eax, [rsp]
    [InlineData(new byte[] { 0x0F, 0xA2, 0xC3 }, false)]       // cpuid writes EBX
    public void BodyMayStandElsewhereOnlyWhenItDoesTheSameThere(byte[] code, bool may) =>
        Assert.Equal(may, InlineBody.Of(code) is not null);

    private static LinkedImage Calling(string stub) => LinkedImage.Of(
        ProofSubject.Kernel(Caller, Fixup.Call(stub) with { Offset = 2 }).WithFrames(("atoll_boot_main", 8, 1)));
}
