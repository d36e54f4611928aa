namespace Atoll.TestVm.Isolation;

/// <summary>An address where a program may have the page of a ring.</summary>
/// <remarks>Typed in from docs/memory-map.md rather than taken from the kernel.</remarks>
/// <param name="Number">Which of the program's channels.</param>
/// <param name="Receives">The page that the program receives from; else the one that it sends to.</param>
public readonly record struct ChannelPlace(ulong Number, bool Receives)
{
    /// <summary>The first address.</summary>
    public const ulong Base = 0x20_4000;

    /// <summary>Bytes from one channel to the next: two pages, and two where nothing lies.</summary>
    public const ulong Stride = 0x4000;

    /// <summary>Most channels of a program.</summary>
    public const ulong Channels = 24;

    // Of a need with a count: the numbers go on behind the others.
    private const ulong ManyBase = 0x4000_0000;
    private const ulong ManyStride = 0x2000;
    private const ulong ManyChannels = 4096;

    private const ulong PageSizeBytes = 4096;

    /// <summary>The first address of the page.</summary>
    public ulong Address => (Number < Channels ? Base + (Number * Stride) : ManyBase + ((Number - Channels) * ManyStride)) + (Receives ? 0 : PageSizeBytes);

    /// <summary>What an address is for, or null: no ring belongs there.</summary>
    public static ChannelPlace? Of(ulong address)
    {
        return address switch
        {
            >= Base and < Base + (Channels * Stride) => In(address - Base, Stride, first: 0),
            >= ManyBase and < ManyBase + (ManyChannels * ManyStride) => In(address - ManyBase, ManyStride, Channels),
            _ => null,
        };
    }

    private static ChannelPlace? In(ulong distance, ulong stride, ulong first)
    {
        (ulong number, ulong offset) = ulong.DivRem(distance, stride);
        number += first;
        return offset switch
        {
            0 => new ChannelPlace(number, Receives: true),
            PageSizeBytes => new ChannelPlace(number, Receives: false),
            _ => null,
        };
    }
}
