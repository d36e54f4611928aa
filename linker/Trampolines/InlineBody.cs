using Iced.Intel;

namespace Atoll.Linker.Trampolines;

/// <summary>Decides whether the instructions of a stub may stand where it is called.</summary>
/// <remarks>
/// They may when they do the same there: they go on with the next one, touch neither RSP nor what lies relative to RIP,
/// and change
/// only what a call may change (System V ABI AMD64, "Registers"). Then neither flags nor registers nor call frame
/// information of
/// the caller can tell the difference, but for the return address that is no longer pushed below RSP, where nothing is
/// kept.
/// SYSCALL goes on with the next instruction, too, and the kernel behind it keeps what a function keeps
/// (docs/system-calls.md).
/// </remarks>
public static class InlineBody
{
    /// <summary>Bytes of CALL with a 32-bit displacement.</summary>
    public const int CallBytes = 5;

    private static readonly HashSet<Register> s_changedByCalls =
    [
        Register.RAX, Register.RCX, Register.RDX, Register.RSI, Register.RDI,
        Register.R8, Register.R9, Register.R10, Register.R11,
        // Control registers belong to the machine: changing them is what the stub is for.
        Register.CR0, Register.CR2, Register.CR3, Register.CR4,
    ];

    /// <summary>The instructions before RET; null when they may not stand elsewhere, or do not fit.</summary>
    /// <param name="code">The whole stub.</param>
    public static byte[]? Of(byte[] code)
    {
        InstructionInfoFactory facts = new();
        Decoder decoder = Decoder.Create(64, code);
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            bool isEnd = instruction.Code == Code.Retnq && decoder.IP == (ulong)code.Length;
            if (isEnd)
            {
                return instruction.IP is > 0 and <= CallBytes ? code[..(int)instruction.IP] : null;
            }

            if (!MayMove(instruction, facts))
            {
                return null;
            }
        }

        return null;
    }

    private static bool MayMove(in Instruction instruction, InstructionInfoFactory facts)
    {
        if (instruction.Code == Code.Syscall)
        {
            return true;
        }

        if (instruction.FlowControl != FlowControl.Next || instruction.IsInvalid || instruction.IsIPRelativeMemoryOperand
            || instruction.IsStackInstruction)
        {
            return false;
        }

        foreach (UsedRegister used in facts.GetInfo(instruction).GetUsedRegisters())
        {
            Register register = used.Register.GetFullRegister();
            bool isWritten = used.Access is not OpAccess.Read and not OpAccess.CondRead;
            if (register == Register.RSP || (isWritten && !s_changedByCalls.Contains(register)))
            {
                return false;
            }
        }

        return true;
    }
}
