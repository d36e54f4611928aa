using Atoll.Abi;
using Iced.Intel;

namespace Atoll.Linker.Proof.Fences;

/// <summary>What is known on one path, between two instructions.</summary>
/// <param name="IsStored">Something was stored where another core can see it.</param>
/// <param name="IsFenced">Since then an MFENCE was executed, and nothing stored.</param>
/// <param name="WasFenced">Since the first store an MFENCE was executed.</param>
/// <param name="Barrier">How much of MFENCE; LFENCE was executed since the last store: 0, 1 or 2.</param>
/// <param name="Constants">Registers that hold a constant, and the constants.</param>
internal sealed record FenceState(bool IsStored, bool IsFenced, bool WasFenced, int Barrier, ConstantRegisters Constants)
{
    /// <summary>MFENCE and LFENCE, in this order.</summary>
    public const int BothBarriers = 2;

    /// <summary>The registers of the xAPIC were written in memory, so this is no path of an x2APIC: an instance has one mode for ever.</summary>
    public bool IsXApic { get; init; }

    /// <summary>The state after an instruction that goes on with the next one, or with what it calls.</summary>
    public FenceState After(in Instruction instruction, InstructionInfo info, bool usesFrame)
    {
        FenceState next = this with { Constants = Constants.After(instruction, info) };
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Mfence:
                return next with { IsFenced = IsStored, WasFenced = WasFenced || IsStored, Barrier = 1 };
            case Mnemonic.Lfence:
                return next with { Barrier = Barrier == 0 ? 0 : BothBarriers };
            default:
                (bool forOthers, bool toApic) = Stores(info, usesFrame);
                next = toApic ? next with { IsXApic = true } : next;
                return forOthers ? next with { IsStored = true, IsFenced = false, Barrier = 0 } : next;
        }
    }

    /// <summary>What a called function may have stored.</summary>
    public FenceState AfterCall() =>
        this with { IsStored = true, IsFenced = false, Barrier = 0, Constants = Constants.AfterCall() };

    /// <summary>The stack is nobody else's, and a store to the local APIC is the doorbell itself.</summary>
    private (bool ForOthers, bool ToApic) Stores(InstructionInfo info, bool usesFrame)
    {
        (bool forOthers, bool toApic) = (false, false);
        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            bool isWritten = memory.Access is not (OpAccess.None or OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess);
            bool isStack = memory.Base == Register.RSP || (usesFrame && memory.Base == Register.RBP);
            bool isApic = Constants.ValueOf(memory.Base) is { } address
                && unchecked(address + memory.Displacement - ImageLayout.LocalApicPage) < ImageLayout.PageSizeBytes;
            forOthers |= isWritten && !isStack && !isApic;
            toApic |= isWritten && isApic;
        }

        return (forOthers, toApic);
    }
}
