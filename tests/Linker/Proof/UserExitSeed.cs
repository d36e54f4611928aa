using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>An image with one defect on a way to or from ring 3.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Image">The file.</param>
/// <param name="Says">Part of the finding.</param>
/// <param name="Id">Its id.</param>
internal sealed record UserExitSeed(string Name, byte[] Image, string Says, string Id = "ATL9063")
{
    private static readonly LinkedImage s_good = UserModeImage.Good;
    private static readonly LinkedImage s_vector = LinkedImage.Of(UserModeImage.Objects(
        ("atoll_call", UserModeImage.Using(xmm3)), ("atoll_trap", UserModeImage.Using(xmm3))));

    /// <summary>One image for each condition.</summary>
    public static IReadOnlyList<UserExitSeed> All { get; } =
    [
        // What is in general registers.
        Without("a result is not loaded", "user_switch", "mov rsi,[rax+20h]", "leaves the kernel with rsi holding"),
        Without("a kept register is not loaded", "user_switch", "mov r14,[rax+68h]", "leaves the kernel with r14 holding"),
        Without("the context's address is left", "user_switch", "mov rax,[rax]", "with rax holding the address of a context"),
        Changed("a register gets another's word", "user_switch", "mov rdi,[rax+28h]", 3, 0x20, "with rdi holding the word at 32"),
        Without("the same thread's result is not loaded", "syscall_entry", "mov rdx,[rax+18h]", "leaves the kernel with rdx holding"),
        Without("an interrupted register is not loaded", "user_run", "mov r11,[rax+50h]", "leaves the kernel with r11 holding"),

        // Where it goes to.
        Without("any address goes into SYSRET", "user_switch", "shr rcx,11h", "with the address in rcx holding"),
        Without("any address goes into IRETQ", "user_run", "shl rcx,11h", "with the address in the frame holding", last: true),
        Without("flags are not masked", "user_switch", "and r11,240DD5h", "with the flags in r11 holding"),
        Changed("a program may set IOPL", "user_switch", "and r11,240DD5h", 4, 0x3D, "with the flags in r11 holding"),
        Without("interrupts may stay masked", "user_run", "or rcx,202h", "with the flags in the frame holding"),
        Changed("code of ring 0", "user_switch", "push 2Bh", 1, 0x08, "with cs in the frame holding 0x8"),
        Changed("a stack of ring 0", "user_switch", "push 23h", 1, 0x10, "with ss in the frame holding 0x10"),
        Changed("another stack pointer", "user_switch", "mov rsp,[rax+88h]", 3, 0x78, "with rsp holding the word at 120"),

        // What is in all others.
        Without("vector registers are not reset", "user_switch", "fxrstor64", "leaves the kernel with xmm0 holding"),
        new("vector registers are reset to something", Spoiled("initial_fpu_state", 160), "leaves the kernel with xmm0 holding"),
        Changed("vector registers from elsewhere", "user_run", "fxrstor64 [rax+0C0h]", 4, 0xB0, "leaves the kernel with xmm0 holding"),
        new(
            "the kernel's vector register is left",
            UserModeImage.Without(s_vector, Find(s_vector, "syscall_entry", "pxor xmm3,xmm3")),
            "leaves the kernel with xmm3 holding"),
        new(
            "an interrupt changes a vector register",
            UserModeImage.Without(s_vector, Find(s_vector, "interrupt_common", "movaps xmm3,")),
            "with xmm3 holding"),
        Without("a selector of another thread", "user_switch", "mov es,ecx", "with es holding"),
        Without("a base of another thread", "user_switch", "wrmsr", "with the base of fs holding"),
        Without("a base that nobody notes", "user_run", "mov [0FFFFFFFF8030A010h],rax", "with the base of fs holding"),
        Changed("another register of the machine", "user_run", "mov ecx,0C0000100h", 1, 0x02, "writes a register of the machine"),

        // Who comes.
        Without("no stack on entry", "syscall_entry", "mov rsp,", "uses a stack before RSP is the kernel's"),
        Without("a kept register is lost", "user_switch", "mov [rdx+30h],rbp", "before rbp of the one that came is put away"),
        Without("where it was is lost", "user_park", "pop qword ptr [rdx+78h]", "before rip of the one that came is put away"),
        Without("an interrupted register is lost", "interrupt_origin", "mov [rax+38h],r8", "before r8 of the one that came is put away"),
        Without("vector registers are lost", "interrupt_origin", "fxsave64", "before the vector registers of the one that came"),

        Without("a program's flags in the kernel", "interrupt_origin", "popfq", "calls C# with flags of a program"),
        Changed("a program's flags in a handler", "interrupt_common", "push 2", 1, 0x12, "calls C# with flags of a program"),
        Without("a stack that is not aligned", "interrupt_origin", "mov rsp,", "not aligned to 16"),
        Without("ring 0 taken for ring 3", "interrupt_origin", "je ", "takes ring 0 for a program"),
        Without("ring 3's doorbell swallowed", "wake_entry_240", "jne ", "that the kernel has not seen"),

        // What C# may not do.
        WithCall("C# that computes with MXCSR", ProofSubject.Code(a => { a.addsd(xmm0, xmm1); a.ret(); }), "depends on MXCSR"),
        WithCall("C# that loads MXCSR", ProofSubject.Code(a => { a.ldmxcsr(__dword_ptr[rsp - 8]); a.ret(); }), "depends on MXCSR"),
        WithCall("C# of the x87", ProofSubject.Code(a => { a.fninit(); a.ret(); }), "depends on MXCSR"),

        WithCall("C# that writes an argument of its caller", Code(a => a.mov(__qword_ptr[rsp + 8], rax)), "where its caller keeps"),
        WithCall("C# that takes the address of one", Code(a => a.lea(rax, __[rsp + 0x10])), "where its caller keeps"),
        WithCall(
            "C# that writes one through its frame",
            Code(a =>
            {
                a.push(rbp);
                a.mov(rbp, rsp);
                a.add(__qword_ptr[rbp + 0x18], 1);
                a.pop(rbp);
            }),
            "where its caller keeps"),

        // What the processor goes by.
        Table("a gate that INT may use", "idt", (0x80 * 16) + 5, 0xEE, "The gate of vector 128 is no interrupt gate"),
        Table("a gate that leaves interrupts open", "idt", (14 * 16) + 5, 0x8F, "The gate of vector 14 is no interrupt gate"),
        Table("a stack that nobody claims", "tss", 5, 0x2F, "come to a stack at 0xffffffff80302f00"),
        Table("32-bit code in ring 3", "gdt", 0x28 + 6, 0xCF, "The descriptor 0x28 is not the 64-bit code of ring 3"),
        Table("user code in ring 0", "gdt", 0x28 + 5, 0x9B, "The descriptor 0x28 is not the 64-bit code of ring 3"),
        Table("a map of ports over the stacks", "tss", 102, 0x00, "has a map of ports at 0, within its limit of 103"),
        Table("a map of ports in the last byte", "tss", 102, 0x67, "has a map of ports at 103, within its limit of 103"),
        Table("a map of ports behind the state, in a limit that reaches it", "gdt", 0x30, 0x68, "has a map of ports at 104, within its limit of 104"),
        Table("a limit of pages", "gdt", 0x30 + 6, 0x80, "The descriptor 0x30 is not that of 'tss'"),
        Table("a task state that is cut short", "gdt", 0x30, 0x66, "The descriptor 0x30 is not that of 'tss'"),
        Table("another task state", "gdt", 0x30 + 2, 0x40, "The descriptor 0x30 is not that of 'tss'"),
        Table("a task state that ring 3 may name", "gdt", 0x30 + 5, 0xE9, "The descriptor 0x30 is not that of 'tss'"),
        Table("a call gate for ring 3", "gdt", 0x18 + 5, 0xEC, "The descriptor 0x18 should be empty"),

        // Claims.
        WithClaims("an exit that nobody claims", line => line != "user-exit user_switch", "to ring 3 and does not claim it"),
        WithClaims("an entry that nobody claims", line => line != "user-entry syscall_entry", "no entry of the kernel leads to it"),
        new(
            "a claim without an exit",
            s_good.WithClaims([.. Claims, "user-exit atoll_trap"]),
            "'atoll_trap' claims to go to ring 3 and does not",
            "ATL9061"),
        new(
            "a claim of no function",
            s_good.WithClaims([.. Claims, "user-entry initial_fpu_state"]),
            "'initial_fpu_state' is no function",
            "ATL9061"),
        WithCall("an exit in C#", ProofSubject.Code(a => { a.sysretq(); }), "no entry of the kernel leads to it"),
    ];

    private static IReadOnlyList<string> Claims => ProofSubject.Prove(s_good.Bytes).Report!.Trusted;

    private static UserExitSeed Without(string name, string function, string text, string says, bool last = false) =>
        new(name, UserModeImage.Without(s_good, Find(s_good, function, text, last)), says);

    private static UserExitSeed Changed(string name, string function, string text, int offset, byte value, string says) =>
        new(name, s_good.Patched(Find(s_good, function, text).IP + (ulong)offset, value), says);

    private static UserExitSeed WithCall(string name, byte[] code, string says) =>
        new(name, LinkedImage.Of(UserModeImage.Objects(("atoll_call", code))).Bytes, says);

    private static byte[] Code(Action<Assembler> body) => ProofSubject.Code(a =>
    {
        body(a);
        a.ret();
    });

    private static UserExitSeed WithClaims(string name, Func<string, bool> keep, string says) =>
        new(name, s_good.WithClaims(Claims.Where(keep)), says);

    private static UserExitSeed Table(string name, string symbol, int offset, byte value, string says) =>
        new(name, s_good.Patched(s_good.AddressOf(symbol) + (ulong)offset, value), says);

    private static byte[] Spoiled(string symbol, int offset) => s_good.Patched(s_good.AddressOf(symbol) + (ulong)offset, 1);

    private static Instruction Find(LinkedImage image, string function, string text, bool last = false)
    {
        Instruction[] found = [.. UserModeImage.CodeOf(image, function)
            .Where(instruction => instruction.ToString().StartsWith(text, StringComparison.Ordinal))];
        Assert.True(found.Length > 0, $"{function} has no '{text}'");
        return last ? found[^1] : found[0];
    }
}
