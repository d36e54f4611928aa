using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Nothing of the kernel's or of another thread's is in a register of ring 3.</summary>
public sealed class UserExitProofTests
{
    [Fact]
    public void GoodImageIsProved()
    {
        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(UserModeImage.Good.Bytes);

        Assert.Empty(findings);
        // SYSRETs: three of the entry, one each of the switch and the run. IRETQs: the last two, common path, two wakers.
        Assert.Equal(5 + 5, report!.Properties.Single(property => property.Name == "user-exits").Examined);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, UserExitSeed.All.Count)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DefectIsFound(int index)
    {
        UserExitSeed seed = UserExitSeed.All[index];

        (_, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(seed.Image);

        Assert.True(
            findings.Any(finding => finding.Id == seed.Id && finding.Message.Contains(seed.Says, StringComparison.Ordinal)),
            $"{seed.Name}: wanted '{seed.Says}', found\n{string.Join('\n', findings)}");
    }

    /// <summary>What a root can reach is zeroed where that root returns to the same thread, and nothing else is.</summary>
    [Fact]
    public void ExitClearsWhatTheKernelCanReach()
    {
        ObjectBuilder objects = UserModeImage.Objects(
            ("atoll_call", UserModeImage.Using(xmm0, xmm9)), ("atoll_system_call", UserModeImage.Using(xmm15)));
        LinkedImage image = LinkedImage.Of(objects);

        Assert.Empty(ProofSubject.Prove(image.Bytes).Findings);
        Assert.Equal(
            ["pxor xmm0,xmm0", "pxor xmm9,xmm9", "sysretq", "sysretq", "pxor xmm15,xmm15", "sysretq"],
            UserModeImage.CodeOf(image, "syscall_entry")
                .Where(instruction => instruction.Mnemonic is Mnemonic.Pxor or Mnemonic.Sysretq)
                .Select(instruction => instruction.ToString()));
    }

    /// <summary>The words above the arguments are the program's flags and address.</summary>
    [Fact]
    public void KernelMayReadTheProgramsAddress() => Assert.Empty(ProofSubject.Prove(LinkedImage.Of(UserModeImage.Objects(
        ("atoll_call", ProofSubject.Code(a =>
        {
            a.mov(rax, __qword_ptr[rsp + 0x10]);
            a.push(rbx);
            a.mov(__qword_ptr[rsp], rax);
            a.pop(rbx);
            a.ret();
        })))).Bytes).Findings);

    [Fact]
    public void StacksOfRing3sEntriesAreBounded()
    {
        ObjectBuilder objects = UserModeImage.Objects(
            ("atoll_user_trap", ProofSubject.Code(a => { a.sub(rsp, 0x300); a.add(rsp, 0x300); a.ret(); })),
            ("atoll_system_call", ProofSubject.Code(a => { a.sub(rsp, 0x200); a.add(rsp, 0x200); a.ret(); })));

        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(LinkedImage.Of(objects).Bytes);

        Assert.Empty(findings);
        // Instruction pointer and flags, the return address, and what C# takes.
        Linker.Proof.Properties.StackBound call = report!.Stacks.Single(stack => stack.Entry == "syscall_entry");
        Assert.Equal((2 + 1) * 8 + 0x200, call.WorstBytes - call.TrapBytes);
        Assert.Equal("kernel", call.Stack);
        Assert.Contains(report.Stacks, stack => stack.Stack == "kernel" && stack.WorstBytes - stack.TrapBytes == 8 + 0x300);
    }

    [Fact]
    public void TrapFromRing3ThatNeedsTooMuchIsFound()
    {
        ObjectBuilder objects = UserModeImage.Objects(
            ("atoll_user_trap", ProofSubject.Code(a => { a.sub(rsp, 0x1F00); a.add(rsp, 0x1F00); a.ret(); })));

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(objects).Bytes, "ATL9056"),
            finding => finding.Message.Contains("of the stack 'kernel'", StringComparison.Ordinal));
    }

    /// <summary>Every instruction that the proof does not miss, by fragment and by what it is there for.</summary>
    private static readonly (string Fragment, string Text, string Why)[] s_notMissed =
    [
        ("*", "xor ebp,ebp", "ends the chain of frame pointers: for back-traces"),
        ("*", "je short", "saves a WRMSR of the base of FS that is there already"),
        ("*", "mov qword ptr [0FFFFFFFF8030A000h],0", "no thread is current: what C# reads"),
        ("*", "ud2", "behind a call that never returns"),
        ("*", "mov [rax+98h],", "Kind: which of two ways back, both proved"),
        ("*", "cmp qword ptr [rax+98h],0", "Kind: which of two ways back, both proved"),
        ("*", "jne short", "Kind: which of two ways back, both proved"),
        ("*", "mov qword ptr [rax+98h],", "Kind: what C# reads"),
        ("*", "test rax,rax", "the exit word: every way it leads is proved"),
        ("*", "js ", "the exit word: every way it leads is proved"),
        ("*", "jne ", "the exit word or the number: every way it leads is proved"),
        ("syscall_entry", "cmp rax,", "the number of the call: every way it leads is proved"),
        ("syscall_entry", "mov [rcx+", "the message: what C# reads"),
        ("syscall_entry", "mov rsi,0FFFFFFFF8030A000h", "an argument"),
        ("syscall_entry", "mov rdx,rax", "an argument"),
        ("syscall_entry", "mov r8,r12", "an argument"),
        ("syscall_entry", "mov r9,r13", "an argument"),
        ("syscall_entry", "call ", "the kernel itself"),
        ("interrupt_origin", "pop qword ptr [rax+0A0h]", "Vector: what C# reads; RSP is loaded next"),
        ("interrupt_origin", "call ", "the kernel itself"),
        ("x64_resume", "mov rax,rdi", "which thread"),
        ("wake_entry_48", "mov dword ptr [0FFFFFFFF803100B0h],0", "the end of the interrupt at the local APIC"),
        ("user_idle", "call ", "the event loop"),
        ("user_park", "call ", "the event loop"),
        ("user_run", "mov rax,[0FFFFFFFF8030A000h]", "which thread"),
    ];

    public static TheoryData<string> Fragments => [.. UserModeImage.Fragments];

    /// <summary>Each instruction in turn does nothing: the proof must miss it, whatever it finds then.</summary>
    [Theory]
    [MemberData(nameof(Fragments))]
    public void EveryInstructionIsMissed(string fragment)
    {
        List<string> unnoticed = [];
        foreach (Instruction instruction in UserModeImage.CodeOf(UserModeImage.Good, fragment))
        {
            string text = instruction.ToString();
            bool mayBeMissing = s_notMissed.Any(one =>
                one.Fragment is "*" || one.Fragment == fragment ? text.StartsWith(one.Text, StringComparison.Ordinal) : false);
            (ProofReport? report, _) = ProofSubject.Prove(UserModeImage.Without(UserModeImage.Good, instruction));
            if (report is { Holds: true } && !mayBeMissing)
            {
                unnoticed.Add($"+0x{instruction.IP - UserModeImage.Good.AddressOf(fragment):x} {text}");
            }
        }

        Assert.Empty(unnoticed);
    }
}
