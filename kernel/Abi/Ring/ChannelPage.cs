namespace Atoll.Abi;

/// <summary>A page of a channel: one direction. Both ends map two of them, writable; each word has one owner at a time.</summary>
/// <remarks>
/// The ring first (<see cref="RingSlot"/>), then the wake word of whoever receives from it: it writes the word before it waits, and the sender
/// reads it, as between kernels (docs/architecture.md, "Sleep and doorbells"). Whoever makes a channel zeroes the page and frees the slots.
/// </remarks>
public static class ChannelPage
{
    /// <summary>Slots of the ring.</summary>
    public const uint SlotCount = RingSlot.PerPage / 2;

    /// <summary>Offset of the receiver's wake word, alone on its cache line. Odd: it sleeps, or is about to.</summary>
    public const ulong WakeOffset = SlotCount * RingSlot.SizeBytes;

    /// <summary>Pages that an end maps: the one to receive from, then the one to send to.</summary>
    public const ulong PagesOfAnEnd = 2;

    /// <summary>Capabilities that an end can have given and the other end's program has not taken.</summary>
    public const int GrantsMax = 4;
}
