using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Names the instructions that only a kernel may execute, or that change the mode of the processor.</summary>
/// <remarks>
/// Privileged or sensitive to IOPL by the manual (Intel SDM Vol. 3A, "Privileged Instructions"; Vol. 1, "I/O Privilege
/// Level"), and besides: interrupts and calls through gates, far transfers, returns from interrupts and to other rings,
/// loads of segment registers and segment bases, pops of flags, reads of descriptor table registers.
/// </remarks>
public static class PrivilegedKind
{
    /// <summary>Name of the instruction's kind; null for an ordinary instruction.</summary>
    public static string? Of(in Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Mov => OfMove(instruction),
        Mnemonic.Pop when instruction.Op0Register.IsSegmentRegister() => "load-segment",
        Mnemonic.Jmp or Mnemonic.Call when IsFar(instruction) => "far-transfer",
        Mnemonic.Retf => "far-transfer",
        Mnemonic.Int or Mnemonic.Into or Mnemonic.Int1 => "int",
        Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq => "iret",
        Mnemonic.Popf or Mnemonic.Popfd or Mnemonic.Popfq => "popf",
        Mnemonic.Lds or Mnemonic.Les or Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lss => "load-segment",
        Mnemonic.Sgdt or Mnemonic.Sidt or Mnemonic.Sldt or Mnemonic.Str or Mnemonic.Smsw => Name(instruction),
        Mnemonic.Syscall or Mnemonic.Sysenter or Mnemonic.Sysret or Mnemonic.Sysretq => Name(instruction),
        Mnemonic.Sysexit or Mnemonic.Sysexitq or Mnemonic.Vmcall or Mnemonic.Vmmcall => Name(instruction),
        Mnemonic.Monitor or Mnemonic.Mwait or Mnemonic.Monitorx or Mnemonic.Mwaitx => Name(instruction),
        Mnemonic.Vmfunc or Mnemonic.Uiret or Mnemonic.Senduipi or Mnemonic.Stui => Name(instruction),
        Mnemonic.Rdfsbase or Mnemonic.Rdgsbase or Mnemonic.Wrfsbase or Mnemonic.Wrgsbase => Name(instruction),
        Mnemonic.Getsec or Mnemonic.Xbegin or Mnemonic.Enclu or Mnemonic.Wrpkru or Mnemonic.Rsm => Name(instruction),
        _ => instruction.IsPrivileged ? Name(instruction) : null,
    };

    private static string? OfMove(in Instruction instruction)
    {
        Register to = instruction.Op0Kind == OpKind.Register ? instruction.Op0Register : Register.None;
        Register from = instruction.Op1Kind == OpKind.Register ? instruction.Op1Register : Register.None;
        return to.IsSegmentRegister() ? "load-segment"
            : IsSystem(to) ? $"write-{Lower(to.ToString())}"
            : IsSystem(from) ? $"read-{Lower(from.ToString())}"
            : null;
    }

    private static bool IsSystem(Register register) => register.IsCR() || register.IsDR() || register.IsTR();

    private static bool IsFar(in Instruction instruction) =>
        instruction.Op0Kind is OpKind.FarBranch16 or OpKind.FarBranch32
        || instruction.MemorySize is MemorySize.SegPtr16 or MemorySize.SegPtr32 or MemorySize.SegPtr64;

    private static string Name(in Instruction instruction) => Lower(instruction.Mnemonic.ToString());

    private static string Lower(string name) => name.ToLowerInvariant();
}
