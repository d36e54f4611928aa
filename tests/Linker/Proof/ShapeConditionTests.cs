using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;

namespace Atoll.Linker.Tests.Proof;

/// <summary>One image for each condition of the shapes that make an indirect transfer known: one byte is another.</summary>
public sealed class ShapeConditionTests
{
    // Offsets in the function of BranchProofTests.Switch: cmp 0, ja 3, mov 5, lea 7, mov 14, lea 17, add 24, jmp 27.
    [Theory]
    [InlineData("the comparison is of a byte", 0, 0x83, 0x80)]
    [InlineData("the comparison is of memory", 1, 0xFF, 0x3F)]
    [InlineData("the guard is signed (jg)", 3, 0x77, 0x7F)]
    [InlineData("the guard lets one more through (jae is none)", 3, 0x77, 0x73)]
    [InlineData("the guard is turned round (jbe)", 3, 0x77, 0x76)]
    [InlineData("the index is changed (add)", 5, 0x8B, 0x03)]
    [InlineData("the index comes from memory", 6, 0xC7, 0x07)]
    [InlineData("the table's address is loaded from memory", 8, 0x8D, 0x8B)]
    [InlineData("the entry is loaded with its sign", 14, 0x8B, 0x63)]
    [InlineData("the entries have two bytes", 16, 0x81, 0x41)]
    [InlineData("the table is another register's", 16, 0x81, 0x82)]
    [InlineData("the index is the table", 16, 0x81, 0x89)]
    [InlineData("the base is loaded from memory", 18, 0x8D, 0x8B)]
    [InlineData("the jump is a call", 28, 0xE1, 0xD1)]
    [InlineData("the jump is through another register", 28, 0xE1, 0xE2)]
    public void SwitchOfAnotherShapeIsFound(string what, int offset, byte old, byte other)
    {
        LinkedImage image = LinkedImage.Of(BranchProofTests.Switch());
        ulong address = image.AddressOf("atoll_boot_main") + (ulong)offset;

        Assert.True(image.At(address, 1)[0] == old, what);
        Assert.NotEmpty(ProofSubject.Findings(image.Patched(address, other), "ATL9055"));
    }

    [Fact]
    public void OffsetsThatAreSubtractedAreFound()
    {
        LinkedImage image = LinkedImage.Of(BranchProofTests.Switch());
        ulong address = image.AddressOf("atoll_boot_main") + 25;

        // ADD is 0x01 or 0x03, SUB 0x29 or 0x2B.
        Assert.NotEmpty(ProofSubject.Findings(image.Patched(address, (byte)(image.At(address, 1)[0] | 0x28)), "ATL9055"));
    }

    [Fact]
    public void TableBehindItsSegmentIsFound()
    {
        LinkedImage image = LinkedImage.Of(BranchProofTests.Switch());
        ulong displacement = image.AddressOf("atoll_boot_main") + 10;

        Assert.NotEmpty(ProofSubject.Findings(image.Patched(displacement, 0, 0, 0x10, 0), "ATL9055"));
    }

    // push 8; lea rax, [next]; push rax; retfq: how code loads CS (x64_enter_instance).
    [Theory]
    [InlineData(-10, 0x6A, new byte[] { 0x50, 0x90 })] // push rax; nop
    [InlineData(-7, 0x8D, new byte[] { 0x8B })] // mov rax, [next]
    [InlineData(-1, 0x50, new byte[] { 0x51 })] // push rcx
    public void FarReturnElsewhereIsFound(int offset, byte old, byte[] other)
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong start = image.AddressOf("x64_enter_instance");
        int at = image.At(start, 64).IndexOf((byte[])[0x48, 0xCB]);
        Assert.Equal(old, image.At(start + (ulong)(at + offset), 1)[0]);

        Assert.NotEmpty(ProofSubject.Findings(image.Patched(start + (ulong)(at + offset), other), "ATL9055"));
    }

    [Fact]
    public void FarReturnToAnotherInstructionIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong start = image.AddressOf("x64_enter_instance");
        ulong displacement = start + (ulong)image.At(start, 64).IndexOf((byte[])[0x48, 0xCB]) - 5;

        Assert.NotEmpty(ProofSubject.Findings(image.Patched(displacement, (byte)(image.At(displacement, 1)[0] + 1)), "ATL9055"));
    }

    [Fact]
    public void CallOfOneselfIsAFunctionsStartOnly()
    {
        // call +0: to the RET behind it, inside the same function.
        LinkedImage image = ProofSubject.WithBootMain([0xE8, 0, 0, 0, 0, 0xC3]);

        Assert.NotEmpty(ProofSubject.Findings(image.Bytes, "ATL9054"));
    }

    [Fact]
    public void JumpIntoTheMiddleOfAnotherFunctionIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel([0xE9, 0, 0, 0, 0], Fixup.Call("other") with { Addend = -3 })
            .Code("other", [0x90, 0xC3]);

        Assert.NotEmpty(ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9054"));
    }

    [Fact]
    public void FarJumpToNoFunctionIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong start = image.AddressOf("pvh_entry");
        byte[] target = BitConverter.GetBytes((uint)image.AddressOf("boot_long_mode_entry"));
        int at = image.At(start, 0x100).IndexOf((byte[])[0xEA, .. target]);
        Assert.True(at > 0);

        Assert.NotEmpty(ProofSubject.Findings(image.Patched(start + (ulong)at + 1, (byte)(target[0] + 1)), "ATL9054"));
    }

    [Fact]
    public void VectorRegisterSavedElsewhereIsFound()
    {
        // movaps [rsp+0x50], xmm5 → [rax+0x50], and to a place that no register's slot begins at.
        foreach (byte[] other in (byte[][])[[0x0F, 0x29, 0x6C, 0x20, 0x50], [0x0F, 0x29, 0x6C, 0x24, 0x58]])
        {
            byte[] patched = MemoryProofTests.Replace(
                MemoryProofTests.Trap(0x0F, 0x10, 0x2F).Bytes, [0x0F, 0x29, 0x6C, 0x24, 0x50], other);

            Assert.Contains(
                ProofSubject.Findings(patched, "ATL9058"),
                finding => finding.Message.Contains("xmm5", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EntryThatCannotBeFollowedIsFound()
    {
        LinkedImage image = MemoryProofTests.Trap(0x90);
        ulong common = image.AddressOf("interrupt_common");
        Decoder decoder = Decoder.Create(64, image.At(common, 0x180).ToArray(), common);
        Instruction call = decoder.Decode();
        while (call.Mnemonic != Mnemonic.Call)
        {
            call = decoder.Decode();
        }

        // CALL → a jump through a register, and a NOP of three bytes.
        byte[] patched = image.Patched(call.IP, 0xFF, 0xE0, 0x0F, 0x1F, 0x00);

        // The stacks of 256 vectors are unknown as well, which fills the list of findings: ask the property itself.
        Assert.False(ProofSubject.Prove(patched).Report!.Properties.Single(property => property.Name == "vectors").Holds);
    }

    [Fact]
    public void RegisterBeyondTheSixteenIsNeverSaved() =>
        // vmovups xmm16, [rdi]
        Assert.NotEmpty(ProofSubject.Findings(MemoryProofTests.Trap(0x62, 0xE1, 0x7C, 0x08, 0x10, 0x07).Bytes, "ATL9058"));
}
