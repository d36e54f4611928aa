using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;
using Atoll.Linker.Proof.Properties;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>How deep stacks get, and where nobody can tell.</summary>
public sealed class StackProofTests
{
    // push; call; pop; ret
    private static byte[] Caller => [0x50, .. LinkedImage.CallBytes, 0x58, 0xC3];

    private static Fixup CallAfterPush(string symbol) => Fixup.Call(symbol) with { Offset = 2 };

    [Fact]
    public void DepthsOfCallsAddUp()
    {
        ObjectBuilder builder = ProofSubject.Kernel(Caller, CallAfterPush("middle"))
            .Code("middle", Caller, CallAfterPush("leaf"))
            .Code("leaf", ProofSubject.Code(a => { a.sub(rsp, 0x100); a.add(rsp, 0x100); a.ret(); }))
            .WithFrames(("atoll_boot_main", 8, 1), ("middle", 8, 1));

        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(LinkedImage.Of(builder).Bytes);

        Assert.Empty(findings);
        StackBound boot = report!.Stacks.Single(stack => stack.Entry == "boot_long_mode_entry");
        // Three return addresses, two pushes, the leaf's frame.
        Assert.Equal((3 * 8) + (2 * 8) + 0x100, boot.WorstBytes - boot.TrapBytes);
        Assert.Equal(["atoll_boot_main", "middle", "leaf"], boot.Chain);
        Assert.Equal(2ul * 4096, boot.SizeBytes);
        // Twice: five words by the CPU, one of alignment, error code and vector, 15 registers, 16 × 16 bytes, the
        // return address.
        Assert.Equal(2 * ((5 + 1 + 2 + 15 + 32 + 1) * 8), boot.TrapBytes);
    }

    /// <summary>The chain leads as far down as there is something to name, and by the first of equals.</summary>
    [Fact]
    public void OfEqualDepthsTheFirstCalleeIsNamed()
    {
        // push; call first; call second; push; pop; pop; ret: two words of its own are as deep as a return address behind one.
        byte[] code = [0x50, .. LinkedImage.CallBytes, .. LinkedImage.CallBytes, 0x50, 0x58, 0x58, 0xC3];
        ObjectBuilder builder = ProofSubject.Kernel(code, CallAfterPush("first"), Fixup.Call("second") with { Offset = 7 })
            .Code("first", [0xC3]).Code("second", [0xC3]).WithFrames(("atoll_boot_main", 14, 1));

        (ProofReport? report, _) = ProofSubject.Prove(LinkedImage.Of(builder).Bytes);

        Assert.Equal(["atoll_boot_main", "first"], report!.Stacks.Single(stack => stack.Entry == "boot_long_mode_entry").Chain);
    }

    [Fact]
    public void StackThatIsTooSmallIsFound()
    {
        LinkedImage image = ProofSubject.WithBootMain(a => { a.sub(rsp, 0x1E00); a.add(rsp, 0x1E00); a.ret(); });

        Diagnostic finding = ProofSubject.Finding(image);

        Assert.Equal("ATL9056", finding.Id);
        Assert.Contains("of the stack 'kernel', of 8192: 7688 by atoll_boot_main, and 896 for traps", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptsHaveTheirOwnStacks()
    {
        // 3,800 bytes fit the kernel's stack, but not one page with what the processor and the entry push.
        ObjectBuilder builder = new ObjectBuilder().Code("atoll_boot_main", [0xC3]).Code("atoll_instance_main", [0xC3])
            .Code("atoll_trap", ProofSubject.Code(a => { a.sub(rsp, 3800); a.add(rsp, 3800); a.ret(); }));

        Diagnostic[] findings = [.. ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9056")];

        Assert.Contains(findings, finding => finding.Message.Contains("'vector 2' needs", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Message.Contains("'vector 8' needs", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Message.Contains("'vector 18' needs", StringComparison.Ordinal));
    }

    [Fact]
    public void CycleIsNamed()
    {
        ObjectBuilder builder = ProofSubject.Kernel(Caller, CallAfterPush("first"))
            .Code("first", Caller, CallAfterPush("second"))
            .Code("second", Caller, CallAfterPush("first"))
            .WithFrames(("atoll_boot_main", 8, 1), ("first", 8, 1), ("second", 8, 1));

        IReadOnlyList<Diagnostic> findings = ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057");

        Assert.Contains(findings, finding => finding.Message.Contains("calls itself: first → second → first", StringComparison.Ordinal));
    }

    [Fact]
    public void CycleOfTailCallsIsACycle()
    {
        ObjectBuilder builder = ProofSubject.Kernel([0xE9, 0, 0, 0, 0], Fixup.Call("other"))
            .Code("other", [0xE9, 0, 0, 0, 0], Fixup.Call("atoll_boot_main"));

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057"),
            finding => finding.Message.Contains("calls itself", StringComparison.Ordinal));
    }

    [Fact]
    public void TailCallWithAFrameIsFound()
    {
        // push rax; jmp other: RET there would take what was pushed for a return address.
        ObjectBuilder builder = ProofSubject.Kernel([0x50, 0xE9, 0, 0, 0, 0], Fixup.Call("other") with { Offset = 2 })
            .Code("other", [0xC3]);

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057"),
            finding => finding.Message.Contains("leaves for 'other' with 8 bytes on the stack", StringComparison.Ordinal));
    }

    [Fact]
    public void CodeThatUsesAStackItHasNotLoadedIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong top = StackTopIn(image, "boot_long_mode_entry");

        // mov rsp, … → mov rbp, …: the next register in either encoding.
        byte[] patched = image.Patched(top - 1, (byte)(image.At(top - 1, 1)[0] + 1));

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9057"),
            finding => finding.Symbol == "pvh_entry"
                && finding.Message.Contains("uses a stack before it has loaded one", StringComparison.Ordinal));
    }

    [Fact]
    public void LoadedStackThatNobodyClaimsIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        // 0xffffffff80303000 → …2f00
        byte[] patched = image.Patched(StackTopIn(image, "boot_long_mode_entry"), 0x00, 0x2F);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9057"),
            finding => finding.Message.Contains("runs on a stack at 0xffffffff80302f00", StringComparison.Ordinal));
    }

    /// <summary>Where a trampoline's code holds the address of the kernel's stack.</summary>
    private static ulong StackTopIn(LinkedImage image, string symbol)
    {
        int offset = image.At(image.AddressOf(symbol), 0x60).IndexOf((byte[])[0x00, 0x30, 0x30, 0x80]);
        Assert.True(offset > 0);
        return image.AddressOf(symbol) + (ulong)offset;
    }

    [Fact]
    public void LoopIsNoCycle() =>
        Assert.Empty(ProofSubject.Prove(ProofSubject.WithBootMain([0xEB, 0xFE]).Bytes).Findings);

    public static TheoryData<string, byte[]> BrokenStacks => new()
    {
        { "returns with 8 bytes", ProofSubject.Code(a => { a.push(rax); a.ret(); }) },
        { "returns with -8 bytes", ProofSubject.Code(a => { a.pop(rax); a.ret(); }) },
        { "changes the stack pointer", ProofSubject.Code(a => { a.mov(rsp, rax); a.ret(); }) },
        { "changes the stack pointer", ProofSubject.Code(a => { a.and(rsp, -16); a.ret(); }) },
        { "changes the stack pointer", ProofSubject.Code(a => { a.xor(ebp, ebp); a.leave(); a.ret(); }) },
        { "returns with", ProofSubject.Code(a => a.ret(8)) },
        { "returns with", ProofSubject.Code(a => a.iretq()) },
        { "goes on in a way that is not followed", [0xC7, 0xF8, 0, 0, 0, 0, 0xC3] }, // xbegin
        { "runs past the end", ProofSubject.Code(a => a.nop()) },
        {
            "is reached with",
            ProofSubject.Code(a =>
            {
                Label join = a.CreateLabel();
                a.test(eax, eax);
                a.je(join);
                a.push(rax);
                a.Label(ref join);
                a.pop(rcx);
                a.ret();
            })
        },
    };

    [Theory]
    [MemberData(nameof(BrokenStacks))]
    public void StackThatCannotBeFollowedIsFound(string what, byte[] code)
    {
        IReadOnlyList<Diagnostic> findings = ProofSubject.Findings(ProofSubject.WithBootMain(code).Bytes, "ATL9057");

        Assert.Contains(findings, finding => finding.Message.Contains(what, StringComparison.Ordinal) && finding.Symbol == "atoll_boot_main");
    }

    [Fact]
    public void FramePointerIsFollowed() =>
        Assert.Empty(ProofSubject.Prove(ProofSubject.WithBootMain(a =>
        {
            a.push(rbp);
            a.sub(rsp, 0x20);
            a.lea(rbp, __[rsp + 0x20]);
            a.push(rax);
            a.lea(rsp, __[rbp]);
            a.pop(rbp);
            a.ret();
        }).Bytes).Findings);

    [Fact]
    public void FrameInformationThatLiesIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel(Caller, CallAfterPush("leaf")).Code("leaf", [0xC3])
            .WithFrames(("atoll_boot_main", 8, null));

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057"),
            finding => finding.Message.Contains("has 16 bytes on the stack, where its call frame information says 8", StringComparison.Ordinal));
    }

    [Fact]
    public void CallWithoutFrameInformationIsFound()
    {
        ObjectBuilder builder = ProofSubject.Kernel(Caller, CallAfterPush("leaf")).Code("leaf", [0xC3]);

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057"),
            finding => finding.Message.Contains("says none", StringComparison.Ordinal));
    }

    [Fact]
    public void StackThatNobodyClaimsIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong task = image.AddressOf("tss");

        // IST 2, at offset 44, is the NMI's.
        Diagnostic finding = ProofSubject.Finding(image.Patched(task + 44, 0x08));

        Assert.Equal("ATL9057", finding.Id);
        Assert.Contains("'vector 2' runs on a stack at 0xffffffff80307008", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GateToNoFunctionIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        Diagnostic finding = ProofSubject.Finding(image.Patched(image.AddressOf("idt") + (14 * 16), 1));

        Assert.Equal("The gate of vector 14 leads to no function.", finding.Message[..43]);
    }

    [Fact]
    public void BootLoadersStartAtAnEntryOnly()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());

        // The address in Xen's note, behind three words and the owner.
        byte[] patched = image.Patched(image.AddressOf("pvh_note") + 16, 1);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9062"),
            finding => finding.Message.Contains("starts at 0x100001, which it does not claim", StringComparison.Ordinal));
    }

    [Fact]
    public void GateToCodeOfAnotherModeIsFound()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        ulong gate = image.AddressOf("idt") + (3 * 16);
        byte[] entry = BitConverter.GetBytes(image.AddressOf("pvh_entry"));

        // Offset bits 0 to 15, 16 to 31 and 32 to 63 (Intel SDM Vol. 3A, "64-Bit Mode IDT").
        byte[] patched = image.Patched(gate, entry[..2]);
        patched = Patch(image, patched, gate + 6, entry[2..4]);
        patched = Patch(image, patched, gate + 8, entry[4..8]);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9057"),
            finding => finding.Message.StartsWith("The gate of vector 3 leads to no function.", StringComparison.Ordinal));
    }

    private static byte[] Patch(LinkedImage image, byte[] file, ulong address, byte[] bytes)
    {
        byte[] patched = image.Patched(address, bytes);
        int position = Enumerable.Range(0, file.Length).First(index => patched[index] != image.Bytes[index]);
        byte[] merged = [.. file];
        patched.AsSpan(position, bytes.Length).CopyTo(merged.AsSpan(position));
        return merged;
    }
}
