using Atoll.Abi;
using Iced.Intel;

namespace Atoll.Linker.Proof.Registers;

/// <summary>What a store does to what is known: a thread is put away, or another one goes on.</summary>
/// <param name="complain">Takes what may not happen on the way between rings.</param>
internal sealed class StoreStep(Action<Instruction, string> complain)
{
    private const string Vectors = "the vector registers";

    /// <summary>The state after a word is stored.</summary>
    public RegisterState Store(in Instruction instruction, RegisterState state, RegisterValue value)
    {
        if (MemoryPlace.SlotOf(instruction, state) is { } slot)
        {
            return state.WithSlot(slot, value);
        }

        if (MemoryPlace.AddressOf(instruction) is { } address)
        {
            return StoreAt(instruction, state, address, value);
        }

        if (MemoryPlace.ContextOffsetOf(instruction, state) is not { } offset || state.Origin == Origin.KernelInterrupt)
        {
            bool isKernels = state.Origin == Origin.KernelInterrupt;
            complain(instruction, isKernels ? "takes ring 0 for a program" : "writes where nobody knows");
            return state;
        }

        return state with { Saved = Holds(offset, value) ? state.Saved.Add(offset) : state.Saved.Remove(offset) };
    }

    /// <summary>Whether a word of the context is what the thread had.</summary>
    private static bool Holds(ulong offset, RegisterValue value) => value switch
    {
        { Kind: ValueKind.Own } => offset == ContextLayout.OffsetOf(Register.RAX + (int)value.Detail),
        { Kind: ValueKind.OwnAddress } or { Kind: ValueKind.Frame, Detail: 0 } => offset == ContextLayout.Rip,
        { Kind: ValueKind.OwnFlags } or { Kind: ValueKind.Frame, Detail: 2 } => offset == ContextLayout.Rflags,
        { Kind: ValueKind.OwnStack } or { Kind: ValueKind.Frame, Detail: 3 } => offset == ContextLayout.Rsp,
        _ => false,
    };

    private RegisterState StoreAt(in Instruction instruction, RegisterState state, ulong address, RegisterValue value)
    {
        const ulong State = ImageLayout.StatePage;
        switch (address)
        {
            case State + EntryState.CurrentOffset when value.Kind != ValueKind.Context:
                CheckSaved(instruction, state);
                RegisterState switched = state.Switched();
                return instruction.Op1Kind == OpKind.Register
                    ? switched.With(instruction.Op1Register, new RegisterValue(ValueKind.Context))
                    : switched;
            case State + EntryState.UserRspOffset:
                return state with { IsStackNoted = value.Kind == ValueKind.OwnStack };
            case State + EntryState.LoadedFsBaseOffset:
                return state with { IsFsBaseNoted = value == new RegisterValue(ValueKind.Field, ContextLayout.FsBase) };
            case >= ImageLayout.StackBase and < ImageLayout.StackTop:
                complain(instruction, "writes the stack without RSP");
                return state;
            default:
                return state;
        }
    }

    /// <summary>Who goes is put away: what a system call keeps, or after an interrupt everything.</summary>
    private void CheckSaved(in Instruction instruction, RegisterState state)
    {
        if (state.IsSwitched)
        {
            return;
        }

        bool isCall = state.Origin == Origin.SystemCall;
        IReadOnlyList<Register> wanted = isCall ? ContextLayout.Kept : ContextLayout.General;
        string? lost = wanted.Where(register => !state.Saved.Contains(ContextLayout.OffsetOf(register)!.Value))
            .Select(register => register.ToString().ToLowerInvariant()).FirstOrDefault();
        lost ??= !state.Saved.Contains(ContextLayout.Rip) ? "rip"
            : !state.Saved.Contains(ContextLayout.Rflags) ? "rflags"
            : !state.Saved.Contains(ContextLayout.Rsp) ? "rsp"
            : !isCall && !state.Saved.Contains(ThreadContext.FpuOffset) ? Vectors
            : null;
        if (lost is not null)
        {
            string verb = lost == Vectors ? "are" : "is";
            complain(instruction, $"goes over to another thread before {lost} of the one that came {verb} put away");
        }
    }
}
