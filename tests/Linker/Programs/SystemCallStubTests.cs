using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;

namespace Atoll.Linker.Tests.Programs;

/// <summary>How a program reaches its kernel: docs/system-calls.md.</summary>
public sealed class SystemCallStubTests
{
    /// <summary>The register table of docs/system-calls.md: RAX number, RDI address, RSI header, RDX R10 R8 R9 words, R12
    /// reply, R13 deadline. Arguments come as the System V ABI says: RDI, RSI, RDX, RCX, R8, R9.</summary>
    public static TheoryData<string, string[]> Stubs => new()
    {
        { "x64_system_call0", ["mov rax,rdi", "mov rdi,rsi", "xor esi,esi", "syscall", "ret"] },
        { "x64_call", ["mov r10,rcx", "mov eax,1", "syscall", "ret"] },
        {
            "x64_reply_receive",
            [
                "push rbx", "push r12", "mov rbx,r9", "mov r12,r8", "mov r10,rcx", "xor r8d,r8d", "xor r9d,r9d", "mov eax,2", "syscall",
                "mov [rbx],rdi", "mov [rbx+8],rsi", "mov [rbx+10h],rdx", "mov [rbx+18h],r10", "mov [rbx+20h],r8", "mov [rbx+28h],r9",
                "pop r12", "pop rbx", "ret",
            ]
        },
        {
            "x64_system_call",
            [
                "push rbx", "push r12", "push r13", "mov rbx,rdi",
                "mov rax,[rbx]", "mov rdi,[rbx+8]", "mov rsi,[rbx+10h]", "mov rdx,[rbx+18h]", "mov r10,[rbx+20h]", "mov r8,[rbx+28h]",
                "mov r9,[rbx+30h]", "mov r12,[rbx+38h]", "mov r13,[rbx+40h]", "syscall",
                "mov [rbx],rax", "mov [rbx+8],rdi", "mov [rbx+10h],rsi", "mov [rbx+18h],rdx", "mov [rbx+20h],r10", "mov [rbx+28h],r8",
                "mov [rbx+30h],r9", "pop r13", "pop r12", "pop rbx", "ret",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Stubs))]
    public void StubPutsEachArgumentWhereTheKernelLooks(string stub, string[] code)
    {
        LinkedImage program = Link(stub);

        Assert.Empty(ProofSubject.Prove(program.Bytes).Findings);
        Assert.Equal(code, UserModeImage.CodeOf(program, stub).Select(instruction => instruction.ToString()));
    }

    [Fact]
    public void CheapestCallStandsWhereItIsCalled()
    {
        LinkedImage program = Link("x64_system_call_none");

        Assert.False(program.Has("x64_system_call_none"));
        Assert.Equal(
            ["xor eax,eax", "syscall", "nop", "ud2"],
            UserModeImage.CodeOf(program, "atoll_program_main").Select(instruction => instruction.ToString()));
        Assert.Empty(ProofSubject.Prove(program.Bytes).Findings);
    }

    /// <summary>The fault of a failed check is at the check, so that its address names method and line.</summary>
    [Fact]
    public void FailedCheckFaultsWhereItStands()
    {
        LinkedImage program = Link("x64_check_failed");

        Assert.False(program.Has("x64_check_failed"));
        Assert.Equal(
            ["ud2", "nop dword ptr [rax]", "ud2"],
            UserModeImage.CodeOf(program, "atoll_program_main").Select(instruction => instruction.ToString()));
        Assert.Empty(ProofSubject.Prove(program.Bytes).Findings);
    }

    /// <summary>The claim is the stub's, not the program's.</summary>
    [Fact]
    public void SyscallBesideTheStubIsFound()
    {
        LinkedImage program = Link("x64_call");

        byte[] patched = program.Patched(program.AddressOf("atoll_program_main") + 5, 0x0F, 0x05);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9052"), finding => finding.Symbol == "atoll_program_main");
    }

    [Fact]
    public void ProgramWithoutCallsHasNoStub()
    {
        LinkedImage program = LinkedImage.Of(Request(new ObjectBuilder().Code("atoll_program_main", [0x0F, 0x0B])));

        Assert.DoesNotContain(program.File.Symbols, symbol => symbol.Name.StartsWith("x64_", StringComparison.Ordinal));
    }

    /// <summary>call STUB; ud2.</summary>
    private static LinkedImage Link(string stub) => LinkedImage.Of(Request(new ObjectBuilder()
        .Code("atoll_program_main", [.. LinkedImage.CallBytes, 0x0F, 0x0B], Fixup.Call(stub))
        .WithFrames(("atoll_program_main", 7, null))));

    private static LinkRequest Request(ObjectBuilder builder) => new()
    {
        Objects = [builder.Build()],
        Profile = ProgramProfile.Of(new ProgramRequest("caller", 4096)),
    };
}
