using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>Where the stack pointer is, between two instructions.</summary>
/// <param name="DepthBytes">Bytes from the canonical frame address (RSP before the call that led here) down to RSP; on
/// a stack
/// of the function's own, bytes from its top.</param>
/// <param name="FrameDepthBytes">The same for RBP; null while RBP is not known to point into the stack.</param>
/// <param name="OwnStackTop">Stack that the function has loaded; null: the caller's.</param>
public readonly record struct StackState(int DepthBytes, int? FrameDepthBytes, ulong? OwnStackTop)
{
    /// <summary>The state after an instruction that goes on with the next one.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="facts">Tells what it writes; not shared between threads.</param>
    /// <returns>Null when the instruction changes RSP in a way that is not followed.</returns>
    public StackState? After(in Instruction instruction, InstructionInfoFactory facts)
    {
        bool isRegister = instruction.Op0Kind == OpKind.Register;
        Register written = isRegister ? instruction.Op0Register.GetFullRegister() : Register.None;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push or Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq:
                return Pushed(instruction);
            case Mnemonic.Pop or Mnemonic.Popf or Mnemonic.Popfd or Mnemonic.Popfq:
                return Popped(instruction, written);
            case Mnemonic.Leave:
                return FrameDepthBytes is { } frame ? new StackState(frame - sizeof(ulong), null, OwnStackTop) : null;
            case Mnemonic.Mov or Mnemonic.Lea or Mnemonic.Add or Mnemonic.Sub when written == Register.RSP:
                return Moved(instruction);
            case Mnemonic.Mov or Mnemonic.Lea when written == Register.RBP:
                return this with { FrameDepthBytes = DepthOf(instruction) };
            default:
                return Writes(instruction, Register.RSP, facts) ? null
                    : Writes(instruction, Register.RBP, facts) ? this with { FrameDepthBytes = null }
                    : this;
        }
    }

    private StackState Pushed(in Instruction instruction) =>
        this with { DepthBytes = DepthBytes - instruction.StackPointerIncrement };

    private StackState? Popped(in Instruction instruction, Register written) => written switch
    {
        Register.RSP => null,
        Register.RBP => Pushed(instruction) with { FrameDepthBytes = null },
        _ => Pushed(instruction),
    };

    /// <summary>MOV, LEA, ADD or SUB of RSP.</summary>
    private StackState? Moved(in Instruction instruction)
    {
        bool isImmediate = instruction.HasImmediate(1);
        int amount = isImmediate ? (int)instruction.GetImmediate(instruction.OpCount - 1) : 0;
        return instruction.Mnemonic switch
        {
            Mnemonic.Mov when isImmediate => new StackState(0, null, instruction.GetImmediate(1)),
            Mnemonic.Add when isImmediate => this with { DepthBytes = DepthBytes - amount },
            Mnemonic.Sub when isImmediate => this with { DepthBytes = DepthBytes + amount },
            Mnemonic.Mov or Mnemonic.Lea => DepthOf(instruction) is { } depth ? this with { DepthBytes = depth } : null,
            _ => null,
        };
    }

    /// <summary>Depth of what MOV or LEA computes from RSP or RBP.</summary>
    private int? DepthOf(in Instruction instruction)
    {
        bool isMove = instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Kind == OpKind.Register;
        bool isSum = instruction.Mnemonic == Mnemonic.Lea && instruction.MemoryIndex == Register.None;
        Register source = isMove ? instruction.Op1Register : isSum ? instruction.MemoryBase : Register.None;
        int? origin = source.GetFullRegister() switch
        {
            Register.RSP => DepthBytes,
            Register.RBP => FrameDepthBytes,
            _ => null,
        };
        return origin - (isSum ? (int)instruction.MemoryDisplacement64 : 0);
    }

    private static bool Writes(in Instruction instruction, Register register, InstructionInfoFactory facts)
    {
        foreach (UsedRegister used in facts.GetInfo(instruction).GetUsedRegisters())
        {
            bool isWritten = used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            if (isWritten && used.Register.GetFullRegister() == register)
            {
                return true;
            }
        }

        return false;
    }
}
