using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Actors;

/// <summary>
/// One instruction of a litmus test: a store when a value is given, a load when a register is, else a fence.
/// </summary>
/// <param name="Address">The word, or 0 for a fence.</param>
/// <param name="Value">What is stored.</param>
/// <param name="Register">1 to 4: where the loaded value goes.</param>
public readonly record struct LitmusStep(nint Address, int Value = 0, int Register = 0);

/// <summary>A thread of a litmus test: straight-line code over shared words.</summary>
public sealed unsafe class LitmusThread(params LitmusStep[] steps) : Actor<LitmusRegisters>
{
    /// <inheritdoc/>
    public override string Name => "thread";

    /// <inheritdoc/>
    protected override void Start(ref LitmusRegisters state)
    {
    }

    /// <inheritdoc/>
    protected override void Panic(ref LitmusRegisters state) =>
        throw new InvalidOperationException("litmus threads live");

    /// <inheritdoc/>
    protected override bool IsComplete(ref readonly LitmusRegisters state) => true;

    /// <inheritdoc/>
    protected override void RunProcedure(ref LitmusRegisters state, TsoMachine machine)
    {
        if (state.Next == (ulong)steps.Length)
        {
            machine.Finish();
            return;
        }

        LitmusStep step = steps[state.Next++];
        if (step.Address == 0)
        {
            ModelMemory.Fence();
        }
        else if (step.Register != 0)
        {
            state.Values[step.Register - 1] = ModelMemory.Load64((ulong*)step.Address);
        }
        else
        {
            ModelMemory.Store64((ulong*)step.Address, (ulong)step.Value);
        }
    }
}

/// <summary>Four registers of a litmus thread.</summary>
[System.Runtime.CompilerServices.InlineArray(4)]
public struct FourWords
{
    private ulong _first;
}

/// <summary>A litmus thread's private state.</summary>
public struct LitmusRegisters
{
    /// <summary>Registers 1 to 4. A test gives each register to one thread.</summary>
    public FourWords Values;

    /// <summary>The next instruction.</summary>
    public ulong Next;
}
