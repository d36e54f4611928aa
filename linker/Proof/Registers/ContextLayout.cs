using System.Runtime.InteropServices;
using Atoll.Abi;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>Where a thread's context keeps which register.</summary>
public static class ContextLayout
{
    /// <summary>Offset of the instruction pointer.</summary>
    public static readonly ulong Rip = OffsetOf(nameof(ThreadContext.Rip));

    /// <summary>Offset of the flags.</summary>
    public static readonly ulong Rflags = OffsetOf(nameof(ThreadContext.Rflags));

    /// <summary>Offset of the stack pointer.</summary>
    public static readonly ulong Rsp = OffsetOf(nameof(ThreadContext.Rsp));

    /// <summary>Offset of the base of FS.</summary>
    public static readonly ulong FsBase = OffsetOf(nameof(ThreadContext.FsBase));

    /// <summary>Every general register but RSP, in the order of their numbers.</summary>
    public static readonly IReadOnlyList<Register> General =
        [.. Enumerable.Range(0, 16).Select(number => Register.RAX + number).Where(register => register != Register.RSP)];

    /// <summary>Registers that functions and system calls keep (System V ABI, "Register Usage").</summary>
    public static readonly IReadOnlyList<Register> Kept =
        [Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15];

    private static readonly Dictionary<Register, ulong> s_offsets =
        General.ToDictionary(register => register, register => OffsetOf(Capitalised(register)));

    /// <summary>Offset of a general register; null for RSP, which is not kept like the others.</summary>
    public static ulong? OffsetOf(Register register) => s_offsets.TryGetValue(register, out ulong offset) ? offset : null;

    private static ulong OffsetOf(string field) => (ulong)Marshal.OffsetOf<ThreadContext>(field);

    private static string Capitalised(Register register)
    {
        string name = register.ToString();
        return name[0] + name[1..].ToLowerInvariant();
    }
}
