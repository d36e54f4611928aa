using Atoll.Abi;

namespace Atoll.Ipc;

/// <summary>The receiver's half of the sleep protocol: says that it is about to sleep, so that senders ring.</summary>
/// <remarks>
/// The wake word lies alone on its cache line, is written by its owner only and read by senders; odd means asleep or about
/// to be. The order is fixed, and <see cref="SleepProtocol"/> keeps it, with interrupts off from before
/// <see cref="Announce"/> until the halt itself opens them:
/// <list type="number">
/// <item><see cref="Announce"/>: wake = odd, then a full fence;</item>
/// <item>look at every ring once more; something there: <see cref="Withdraw"/> and go on;</item>
/// <item>STI; HLT (the one-instruction shadow lets no doorbell fall between);</item>
/// <item><see cref="Withdraw"/>: wake = even.</item>
/// </list>
/// Why no wake-up is lost: sender and receiver each store, fence, then load what the other stored. Of two such pairs at least
/// one load sees the other's store (Intel SDM Vol. 3A, "Memory Ordering": a fence forbids what store buffers allow). So the
/// receiver finds the message in its second look, or the sender finds the odd word and rings; and a doorbell that comes
/// before the halt stays pending until interrupts open, which only the halt does.
/// </remarks>
[NoBlock]
[NonCopyable]
public struct WakeWord
{
    private ulong _value;

    /// <summary>The value last written to the wake word.</summary>
    public readonly ulong Value => _value;

    /// <summary>Whether it says that this receiver sleeps.</summary>
    public readonly bool SaysAsleep => (_value & 1) == 1;

    /// <summary>Says that this receiver is about to sleep. Look at every ring once more after this returns.</summary>
    /// <param name="wake">This receiver's wake word, 64-byte aligned.</param>
    public unsafe void Announce<TMemory>(ulong* wake)
        where TMemory : ISharedMemory
    {
        _value++;
        Base.Check.That((_value & 1) == 1);
        TMemory.Store64(wake, _value);
        TMemory.Fence();
    }

    /// <summary>Says that this receiver is awake, after a sleep or instead of one.</summary>
    /// <param name="wake">This receiver's wake word.</param>
    public unsafe void Withdraw<TMemory>(ulong* wake)
        where TMemory : ISharedMemory
    {
        _value++;
        Base.Check.That((_value & 1) == 0);
        TMemory.Store64(wake, _value);
    }
}
