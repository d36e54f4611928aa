using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Links;

/// <summary>What an instance does beside looking after its links: its role on the machine, and its work.</summary>
/// <remarks>
/// A type parameter with static members: after specialisation each call is direct, and an image holds the duties it was made with
/// and no other. What a duty has to remember is in the <see cref="StatePage{TWork}"/>.
/// </remarks>
public interface IDuty
{
    /// <summary>Its part of a turn of the event loop, after reception and before the doorbells.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="received">Whether anything came in in this turn.</param>
    /// <returns>Whether there is more to do at once.</returns>
    static abstract bool Turn(ref InstanceState state, bool received);

    /// <summary>What is left to note down after the doorbells: nobody waits for it.</summary>
    static abstract void TurnEnded(ref InstanceState state);

    /// <summary>A link was opened.</summary>
    static abstract void Linked(ref InstanceState state, ref LinkEntry entry);

    /// <summary>A link is gone: closed, unmapped, its place free. Exactly once for each link.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="position">The place that was the link's.</param>
    /// <param name="peer">Core of the peer.</param>
    /// <param name="epoch">Number of the link.</param>
    static abstract void Unlinked(ref InstanceState state, uint position, uint peer, ulong epoch);

    /// <summary>Deals with a message. Untrusted.</summary>
    /// <returns>False when the duty does not know the kind, or not from this peer.</returns>
    static abstract bool Handle(ref InstanceState state, ref LinkEntry entry, in LinkMessage message);

    /// <summary>Empty turns before a sleep.</summary>
    static abstract uint IdleTurns(ref readonly InstanceState state);

    /// <summary>Messages to take from one link in one turn.</summary>
    static abstract int ReceiveBudget(ref readonly InstanceState state);

    /// <summary>Whether a message waits for room in a ring: then the instance may sleep only for a bounded time.</summary>
    static abstract bool AwaitsRoom(ref readonly InstanceState state);
}
