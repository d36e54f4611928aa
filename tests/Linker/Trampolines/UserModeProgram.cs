using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Two threads in ring 3 that look at all their registers after every way through the kernel, in machine code.
/// Whoever finds something wrong ends the machine with the number of the check.</summary>
/// <remarks>Their kernel is <see cref="UserModeKernel"/>.</remarks>
internal sealed class UserModeProgram
{
    /// <summary>Address of the page of 2 MiB that both run in.</summary>
    public const ulong Base = 1UL << 39;

    /// <summary>Stack of the first thread; of the second, 512 KiB above.</summary>
    public const ulong StackOfFirst = Base + 0x10_0000;

    /// <summary>Stack of the second thread.</summary>
    public const ulong StackOfSecond = Base + 0x18_0000;

    /// <summary>What flags the first thread sets: CF, DF, AC; IF and bit 1 are always set.</summary>
    private const ulong Flags = 0x4_0603;

    // What the threads write down: general registers, vector registers, flags, MXCSR, selectors; and a word that FS finds.
    private const ulong GeneralBlock = Base + 0x8000;
    private const ulong VectorBlock = GeneralBlock + (16 * 8);
    private const ulong FlagWord = VectorBlock + (16 * 16);
    private const ulong MxcsrWord = FlagWord + 8;
    private const ulong SegmentBlock = MxcsrWord + 8;
    private const ulong Local = SegmentBlock + (4 * 8);
    private const ulong LocalValue = 0x10CA1;

    private const ulong FlagMask = 0x4_0FD5;
    private const uint ShiftedMxcsr = 0x1FC0;
    private const uint InitialMxcsr = 0x1F80;

    private static readonly AssemblerRegister64[] s_general =
        [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];

    private readonly Assembler _a = new(64) { PreferShortBranch = false };
    private readonly List<string> _checks = [];
    private Label _fail;

    /// <summary>Writes both threads.</summary>
    public UserModeProgram()
    {
        Label second = _a.CreateLabel();
        _fail = _a.CreateLabel();
        First();
        Label start = second;
        _a.Label(ref start);
        Second();
        _a.Label(ref _fail);
        Ask(UserModeKernel.End);
        using MemoryStream stream = new();
        AssemblerResult result = _a.Assemble(new StreamCodeWriter(stream), Base, BlockEncoderOptions.ReturnNewInstructionOffsets);
        SecondStart = result.GetLabelRIP(start);
        Bytes = stream.ToArray();
    }

    /// <summary>The code.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the second thread begins; the first begins at <see cref="Base"/>.</summary>
    public ulong SecondStart { get; }

    /// <summary>What a number means.</summary>
    public string Check(int number) => number >= 1 && number <= _checks.Count ? _checks[number - 1] : $"no check {number}";

    private void First()
    {
        Dump();
        ExpectStart("first thread", UserModeKernel.FirstPattern);
        _a.mov(rax, LocalValue);
        Store(Register.RAX, Local);

        Set(0xC000);
        Ask(UserModeKernel.Echo);
        Dump();
        Expect("number reaches C#", GeneralBlock, 2, UserModeKernel.Echo);
        Expect("reply reaches C#", GeneralBlock, 10, 0xC000 + 12);
        Expect("deadline reaches C#", GeneralBlock, 8, 0xC000 + 13);
        ExpectMessage("system call", 0xC000, rsi, r9);
        ExpectKept("system call", 0xC000);
        ExpectVectors("system call", _ => 0);
        ExpectState("system call", ShiftedMxcsr, UserModeKernel.UserData);
        ExpectKernelFlags("system call", UserModeKernel.CallFlags);

        Set(0xC100);
        _a.mov(r12, 0xC12Cul);
        Ask(2);
        Dump();
        Expect("reply reaches the root of ReplyReceive", GeneralBlock, 2, 0xC12C);
        ExpectMessage("ReplyReceive", 0xC100, rsi, r10, r8, r9);
        ExpectVectors("ReplyReceive", _ => 0);

        Set(0xC200);
        _a.mov(edi, 0);
        Ask(1);
        Dump();
        ExpectResults("Call");
        ExpectKept("Call", 0xC200);
        ExpectVectors("Call", _ => 0);
        ExpectState("Call", ShiftedMxcsr, UserModeKernel.UserData);

        // The second thread begins, looks, and comes back.
        Set(0xC300);
        ToOther();
        Dump();
        ExpectResults("Call with a switch");
        ExpectKept("Call with a switch", 0xC300);
        ExpectVectors("Call with a switch", _ => 0);
        ExpectState("Call with a switch", InitialMxcsr, 0);

        Set(0xC400);
        _a.ud2();
        Dump();
        ExpectAll("exception", 0xC400);
        ExpectVectors("exception", number => 0xC400UL + 0x80 + (ulong)number);
        ExpectState("exception", ShiftedMxcsr, 0);
        ExpectKernelFlags("exception", UserModeKernel.TrapFlags);

        Ask(UserModeKernel.Ring);
        _a.nop();
        Read(UserModeKernel.LastVector);
        Expect("doorbell in ring 3 enters the kernel", UserModeKernel.Doorbell);

        // The base of FS is a thread's own.
        AddressOf(Register.RSI, Local);
        Ask(UserModeKernel.SetOthersBase);
        ToOther();
        AddressOf(Register.RBX, Local);
        _a.mov(rax, __qword_ptr.fs[rbx]);
        Expect("base of FS is 0 again", LocalValue);

        // The other one goes on at an address that is not canonical: its fault, not the kernel's.
        _a.mov(rsi, 0x1234_8000_0000_1000ul);
        Ask(UserModeKernel.SetOthersAddress);
        ToOther();
        Read(UserModeKernel.LastVector);
        Expect("bad address is a page fault of the program", 14);

        // Single steps over SYSCALL.
        _a.pushfq();
        _a.or(__qword_ptr[rsp], 0x100);
        _a.popfq();
        _a.nop();
        Ask(UserModeKernel.Echo);
        _a.pushfq();
        _a.and(__qword_ptr[rsp], ~0x100);
        _a.popfq();
        ExpectKernelFlags("single step", UserModeKernel.CallFlags);
        Read(UserModeKernel.Steps);
        _a.cmp(rax, 5);
        Fail("single steps are seen", Mnemonic.Jb);

        _a.mov(edi, (int)Abi.ImageLayout.ExitPassed);
        Ask(UserModeKernel.End);
    }

    private void Second()
    {
        Dump();
        ExpectStart("second thread", UserModeKernel.SecondPattern);
        Set(0xD000);
        ToOther();

        _a.mov(rax, __qword_ptr.fs[0]);
        Expect("base of FS is the context's", LocalValue);
        Label recovered = _a.CreateLabel();
        // Where the kernel lets a thread go on that has faulted.
        _a.lea(r15, __[recovered]);
        ToOther();
        _a.mov(edi, 0xFF);
        Ask(UserModeKernel.End);
        _a.Label(ref recovered);
        ToOther();
        _a.ud2();
    }

    private void Ask(uint number)
    {
        _a.mov(eax, number);
        _a.syscall();
    }

    private void ToOther()
    {
        _a.mov(edi, 1);
        Ask(1);
    }

    /// <summary>RAX = a word that the kernel keeps.</summary>
    private void Read(int offset)
    {
        _a.mov(esi, offset);
        Ask(UserModeKernel.ReadWord);
        _a.mov(rax, rdx);
    }

    /// <summary>Every register gets a value of its own, RSP aside; DS, MXCSR and flags too.</summary>
    private void Set(ulong pattern)
    {
        for (int number = 0; number < 16; number++)
        {
            _a.mov(rax, pattern + 0x80 + (ulong)number);
            _a.movq(new AssemblerRegisterXMM(Register.XMM0 + number), rax);
        }

        _a.mov(eax, UserModeKernel.UserData);
        _a.mov(ds, eax);
        _a.push((int)ShiftedMxcsr);
        _a.ldmxcsr(__dword_ptr[rsp]);
        _a.mov(eax, (uint)Flags);
        _a.mov(__[rsp], rax);
        _a.popfq();
        foreach (AssemblerRegister64 register in s_general.Where(register => register != rsp))
        {
            _a.mov(register, pattern + (ulong)Array.IndexOf(s_general, register));
        }
    }

    private void Dump()
    {
        for (int number = 0; number < 16; number++)
        {
            Store(Register.RAX + number, GeneralBlock + (ulong)(number * 8));
        }

        _a.pushfq();
        _a.pop(rax);
        Store(Register.RAX, FlagWord);
        for (int number = 0; number < 16; number++)
        {
            MemoryOperand place = new(Register.RIP, (long)(VectorBlock + (ulong)(number * 16)));
            _a.AddInstruction(Instruction.Create(Code.Movups_xmmm128_xmm, place, Register.XMM0 + number));
        }

        _a.push(0);
        _a.stmxcsr(__dword_ptr[rsp]);
        _a.pop(rax);
        Store(Register.RAX, MxcsrWord);
        AssemblerRegisterSegment[] segments = [ds, es, fs, gs];
        for (int number = 0; number < segments.Length; number++)
        {
            _a.xor(eax, eax);
            _a.mov(eax, segments[number]);
            Store(Register.RAX, SegmentBlock + (ulong)(number * 8));
        }

        _a.cld();
    }

    private void ExpectStart(string who, ulong pattern)
    {
        ExpectAll($"start of the {who}", pattern);
        ExpectVectors($"start of the {who}", number => pattern + 0x80 + (ulong)number);
        ExpectState($"start of the {who}", InitialMxcsr, 0, flags: 0x202);
    }

    private void ExpectAll(string after, ulong pattern)
    {
        foreach (int number in Enumerable.Range(0, 16).Where(number => s_general[number] != rsp))
        {
            Expect($"{Name(s_general[number])} after {after}", GeneralBlock, number, pattern + (ulong)number);
        }
    }

    private void ExpectKept(string after, ulong pattern)
    {
        foreach (AssemblerRegister64 register in new[] { rbx, rbp, r12, r13, r14, r15 })
        {
            int number = Array.IndexOf(s_general, register);
            Expect($"{Name(register)} after {after}", GeneralBlock, number, pattern + (ulong)number);
        }

        Expect($"rsp after {after}", GeneralBlock, 4, StackOfFirst);
        Load(Register.RAX, GeneralBlock + (11 * 8));
        _a.and(eax, (uint)FlagMask);
        Expect($"r11 after {after}: flags", Flags & FlagMask);
    }

    // What the kernel does not answer with is in the context as the entry has put it there.
    private void ExpectMessage(string of, ulong pattern, params AssemblerRegister64[] registers)
    {
        foreach (AssemblerRegister64 register in registers)
        {
            int number = Array.IndexOf(s_general, register);
            Expect($"{Name(register)} of {of} reaches the context", GeneralBlock, number, pattern + (ulong)number);
        }
    }

    private void ExpectResults(string after)
    {
        foreach ((AssemblerRegister64 register, ulong value) in UserModeKernel.Results)
        {
            Expect($"{Name(register)} after {after}", GeneralBlock, Array.IndexOf(s_general, register), value);
        }
    }

    private void ExpectVectors(string after, Func<int, ulong> value)
    {
        for (int number = 0; number < 16; number++)
        {
            Expect($"xmm{number} after {after}", VectorBlock, number * 2, value(number));
            Expect($"upper half of xmm{number} after {after}", VectorBlock, (number * 2) + 1, 0);
        }
    }

    private void ExpectState(string after, uint mxcsr, ulong dataSegment, ulong flags = Flags)
    {
        Load(Register.RAX, MxcsrWord);
        Expect($"mxcsr after {after}", mxcsr);
        Load(Register.RAX, FlagWord);
        _a.and(eax, (uint)FlagMask);
        Expect($"flags after {after}", flags & FlagMask);
        Expect($"ds after {after}", SegmentBlock, 0, dataSegment);
        Expect($"es after {after}", SegmentBlock, 1, 0);
        Expect($"fs after {after}", SegmentBlock, 2, 0);
        Expect($"gs after {after}", SegmentBlock, 3, 0);
    }

    /// <summary>TF, IF, DF, IOPL, NT, AC in C#.</summary>
    private void ExpectKernelFlags(string after, int word)
    {
        Read(word);
        _a.and(eax, 0x4_7700);
        Expect($"flags of the kernel in {after}", 0);
    }

    private void Expect(string what, ulong block, int word, ulong value)
    {
        Load(Register.RAX, block + (ulong)(word * 8));
        Expect(what, value);
    }

    private void Expect(string what, ulong value)
    {
        _a.mov(rcx, value);
        _a.cmp(rax, rcx);
        Fail(what, Mnemonic.Jne);
    }

    private void Fail(string what, Mnemonic on)
    {
        _checks.Add(what);
        _a.mov(edi, 0x1000 + _checks.Count);
        if (on == Mnemonic.Jne)
        {
            _a.jne(_fail);
        }
        else
        {
            _a.jb(_fail);
        }
    }

    private static string Name(Register register) => register.ToString().ToLowerInvariant();

    private void Store(Register register, ulong address) =>
        _a.AddInstruction(Instruction.Create(Code.Mov_rm64_r64, new MemoryOperand(Register.RIP, (long)address), register));

    private void Load(Register register, ulong address) =>
        _a.AddInstruction(Instruction.Create(Code.Mov_r64_rm64, register, new MemoryOperand(Register.RIP, (long)address)));

    private void AddressOf(Register register, ulong address) =>
        _a.AddInstruction(Instruction.Create(Code.Lea_r64_m, register, new MemoryOperand(Register.RIP, (long)address)));
}
