using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>How a thread left ring 3, and so what its context holds and how it goes back.</summary>
public enum ContextKind : ulong
{
    /// <summary>By a system call: what the call keeps (RBX, RBP, R12–R15, RSP, RIP, RFLAGS) and the results.</summary>
    SystemCall,

    /// <summary>By an interrupt or exception, or never entered yet: every register, and the FXSAVE area.</summary>
    Interrupt,
}

/// <summary>The registers of a thread that is not running. 704 bytes: the first part of a thread's object.</summary>
/// <remarks>
/// Written and read by the system-call and interrupt trampolines (linker/Trampolines), so the layout is theirs, too.
/// Sources: Intel SDM Vol. 2, "SYSCALL", "SYSRET", "FXSAVE"; System V ABI for x86-64, "Register Usage".
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct ThreadContext
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 704;

    /// <summary>Offset of the FXSAVE area; 16-byte aligned like every thread.</summary>
    public const int FpuOffset = 192;

    /// <summary>RAX. After a system call: <see cref="SystemResult"/>.</summary>
    [FieldOffset(0)] public ulong Rax;

    /// <summary>RBX.</summary>
    [FieldOffset(8)] public ulong Rbx;

    /// <summary>RCX; nothing after a system call.</summary>
    [FieldOffset(16)] public ulong Rcx;

    /// <summary>RDX. After a system call: message word 0.</summary>
    [FieldOffset(24)] public ulong Rdx;

    /// <summary>RSI. After a system call: <see cref="MessageHeader"/>.</summary>
    [FieldOffset(32)] public ulong Rsi;

    /// <summary>RDI. After a system call: badge.</summary>
    [FieldOffset(40)] public ulong Rdi;

    /// <summary>RBP.</summary>
    [FieldOffset(48)] public ulong Rbp;

    /// <summary>R8. After a system call: message word 2.</summary>
    [FieldOffset(56)] public ulong R8;

    /// <summary>R9. After a system call: message word 3.</summary>
    [FieldOffset(64)] public ulong R9;

    /// <summary>R10. After a system call: message word 1.</summary>
    [FieldOffset(72)] public ulong R10;

    /// <summary>R11; nothing after a system call.</summary>
    [FieldOffset(80)] public ulong R11;

    /// <summary>R12. At a receiving system call: address of the reply capability.</summary>
    [FieldOffset(88)] public ulong R12;

    /// <summary>R13. At a system call with a deadline: TSC value at which it ends.</summary>
    [FieldOffset(96)] public ulong R13;

    /// <summary>R14.</summary>
    [FieldOffset(104)] public ulong R14;

    /// <summary>R15.</summary>
    [FieldOffset(112)] public ulong R15;

    /// <summary>Instruction pointer: always below <see cref="UserSpace.End"/>.</summary>
    [FieldOffset(120)] public ulong Rip;

    /// <summary>Flags: only those of <see cref="UserFlags.Writable"/>, and <see cref="UserFlags.Always"/>.</summary>
    [FieldOffset(128)] public ulong Rflags;

    /// <summary>Stack pointer: any value, the kernel never follows it.</summary>
    [FieldOffset(136)] public ulong Rsp;

    /// <summary>Base of FS: canonical, set by <see cref="ThreadOperation.SetLocalBase"/>.</summary>
    [FieldOffset(144)] public ulong FsBase;

    /// <summary>What the registers hold.</summary>
    [FieldOffset(152)] public ContextKind Kind;

    /// <summary>Vector of the last interrupt or exception that this thread was stopped by.</summary>
    [FieldOffset(160)] public ulong Vector;

    /// <summary>Its error code, or 0.</summary>
    [FieldOffset(168)] public ulong ErrorCode;

    /// <summary>In the FXSAVE area: x87 control word (Intel SDM Vol. 1, "FXSAVE Area").</summary>
    [FieldOffset(FpuOffset)] public ushort FpuControlWord;

    /// <summary>In the FXSAVE area: MXCSR.</summary>
    [FieldOffset(FpuOffset + 24)] public uint Mxcsr;
}

/// <summary>What the system-call and interrupt trampolines share with C#. The first bytes of the state block, at
/// <see cref="ImageLayout.StatePage"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct EntryState
{
    /// <summary>Bytes of the structure.</summary>
    public const int SizeBytes = 64;

    /// <summary>Offset of <see cref="Current"/>.</summary>
    public const int CurrentOffset = 0;

    /// <summary>Offset of <see cref="UserRsp"/>.</summary>
    public const int UserRspOffset = 8;

    /// <summary>Offset of <see cref="LoadedFsBase"/>.</summary>
    public const int LoadedFsBaseOffset = 16;

    /// <summary>Window address of the running thread's <see cref="ThreadContext"/>; 0: none.</summary>
    [FieldOffset(0)] public ulong Current;

    /// <summary>Stack pointer of the thread that is in a system call.</summary>
    [FieldOffset(8)] public ulong UserRsp;

    /// <summary>What the base of FS is now.</summary>
    [FieldOffset(16)] public ulong LoadedFsBase;
}

/// <summary>What C# answers to a trampoline that came from ring 3 (RAX): two words, or else the window address of the
/// <see cref="ThreadContext"/> that runs next.</summary>
public static class ExitWord
{
    /// <summary>Back to the thread that came. Its results are in its context.</summary>
    public const ulong SameThread = 0;

    /// <summary>No thread can run: into the event loop, on an empty stack.</summary>
    public const ulong Idle = 1;
}

/// <summary>Flags that a program may have.</summary>
/// <remarks>Source: Intel SDM Vol. 1, "EFLAGS Register".</remarks>
public static class UserFlags
{
    /// <summary>CF, PF, AF, ZF, SF, TF, DF, OF, AC, ID. Not NT, RF, IOPL, VM.</summary>
    public const ulong Writable = 0x0024_0DD5;

    /// <summary>IF, and bit 1, which is always set.</summary>
    public const ulong Always = 0x202;

    /// <summary>IA32_FMASK: every flag that a system call clears. All but bit 1.</summary>
    public const ulong ClearedOnEntry = 0x003F_7FD5;
}

/// <summary>Addresses that a program can have.</summary>
public static class UserSpace
{
    /// <summary>The first address: page 0 is never mapped.</summary>
    public const ulong Start = 0x1000;

    /// <summary>One past the last address. The last page of the lower half stays empty, so that no SYSCALL leaves a
    /// return address that is not canonical (Intel SDM Vol. 2B, "SYSRET").</summary>
    public const ulong End = 0x0000_7FFF_FFFF_F000;
}

/// <summary>Where an instance sees the memory that it was given: at this base plus the physical address, and only its
/// own.</summary>
public static class ObjectWindow
{
    /// <summary>Address of physical 0.</summary>
    public const ulong Base = 0xFFFF_FF80_0000_0000;

    /// <summary>Physical addresses that fit below the image: 510 GiB.</summary>
    public const ulong PhysicalLimit = 510UL << 30;

    /// <summary>Bytes of the pages that map it.</summary>
    public const ulong PageBytes = 2UL * 1024 * 1024;
}
