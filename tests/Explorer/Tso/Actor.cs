using System.Runtime.InteropServices;

namespace Atoll.Explorer.Tso;

/// <summary>Code that runs on a modelled core, one procedure at a time.</summary>
/// <remarks>
/// A procedure must be deterministic given what its accesses return: it is run again from its start, against the log of
/// what they returned before, each time the machine takes one access more. Between procedures only the private bytes
/// remain.
/// </remarks>
public abstract class Actor
{
    /// <summary>What a trace calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Its private bytes before it runs.</summary>
    public abstract byte[] Start();

    /// <summary>Runs one procedure on the private bytes.</summary>
    public abstract void RunProcedure(Span<byte> state, TsoMachine machine);

    /// <summary>What is left to do when the instance panics between any two accesses.</summary>
    public abstract void Panic(Span<byte> state);

    /// <summary>Whether all that it had to do is done, if nothing more happens.</summary>
    public abstract bool IsComplete(ReadOnlySpan<byte> state);
}

/// <summary>An actor whose private bytes are one struct without padding.</summary>
public abstract class Actor<TState> : Actor
    where TState : unmanaged
{
    /// <inheritdoc/>
    public override byte[] Start()
    {
        TState state = default;
        Start(ref state);
        return MemoryMarshal.AsBytes(new ReadOnlySpan<TState>(in state)).ToArray();
    }

    /// <inheritdoc/>
    public override void RunProcedure(Span<byte> state, TsoMachine machine) =>
        RunProcedure(ref MemoryMarshal.AsRef<TState>(state), machine);

    /// <inheritdoc/>
    public override void Panic(Span<byte> state) => Panic(ref MemoryMarshal.AsRef<TState>(state));

    /// <inheritdoc/>
    public override bool IsComplete(ReadOnlySpan<byte> state) => IsComplete(in MemoryMarshal.AsRef<TState>(state));

    /// <summary>Fills the private state in.</summary>
    protected abstract void Start(ref TState state);

    /// <inheritdoc cref="Actor.RunProcedure"/>
    protected abstract void RunProcedure(ref TState state, TsoMachine machine);

    /// <inheritdoc cref="Actor.Panic"/>
    protected abstract void Panic(ref TState state);

    /// <inheritdoc cref="Actor.IsComplete"/>
    protected abstract bool IsComplete(ref readonly TState state);
}
