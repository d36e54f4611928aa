namespace Atoll.Ipc;

/// <summary>How the protocol of turns, sleeps and deaths reaches the links of the instance that follows it.</summary>
/// <remarks>
/// A type parameter with static members: after specialisation each call is direct, so that the kernel and the explorer
/// (tests/Explorer) run the same procedures, each on instances of its own.
/// </remarks>
/// <typeparam name="TState">All that the instance knows.</typeparam>
public interface ILinkHolder<[AllowLinear] TState>
    where TState : struct
{
    /// <summary>Places to look at. One without a link holds a closed one.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    static abstract uint LinkCount(ref readonly TState state);

    /// <summary>The link at a place below <see cref="LinkCount"/>.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    static abstract ref Link LinkAt(ref TState state, uint position);

    /// <summary>Sends a doorbell to a link's peer. Every earlier store is visible to whoever takes it.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    static abstract void Ring(ref TState state, ref readonly Link link);
}
