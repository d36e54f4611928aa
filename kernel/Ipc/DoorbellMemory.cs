using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>The sender's half of the sleep protocol, for one receiver: whether to ring, at most once for each of its sleeps.</summary>
/// <remarks>
/// At the end of a turn in which anything was sent: one <see cref="ISharedMemory.Fence"/> for all receivers, then
/// <see cref="MustRing"/> for each that was written to (<see cref="TurnEnd"/>). Never a fence for each message. See <see cref="WakeWord"/> for why it is enough.
/// One for each life of the receiver: a new instance counts its sleeps from 1 again, and what was rung for in an earlier
/// life would silence the first doorbells of the next. A full ring ends the turn too.
/// </remarks>
[NoBlock]
[NonCopyable]
public struct DoorbellMemory
{
    private ulong _lastRung;

    /// <summary>Looks at a receiver's wake word after the fence.</summary>
    /// <param name="wake">The receiver's wake word. Untrusted: it can only cause a ring too many, or none for a receiver that lies.</param>
    /// <returns>Whether it sleeps and was not rung for this sleep. The caller rings; this is remembered as done.</returns>
    [MustUse]
    public unsafe bool MustRing<TMemory>(ulong* wake)
        where TMemory : ISharedMemory
    {
        ulong value = TMemory.Load64(wake);
        if ((value & 1) == 0 || value == _lastRung)
        {
            return false;
        }

        _lastRung = value;
        return true;
    }
}
