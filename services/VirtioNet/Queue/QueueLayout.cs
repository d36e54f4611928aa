namespace Atoll.Services.VirtioNet;

/// <summary>Where the parts of a queue lie in its page. Offsets in words of four bytes.</summary>
/// <remarks>Source: Virtual I/O Device (VIRTIO) Version 1.2, "Split Virtqueues". The device reads descriptors and the ring of what is available, and writes the
/// ring of what is used.</remarks>
internal static class QueueLayout
{
    /// <summary>Descriptors of a queue: at most so many fit into its page with all the rest.</summary>
    internal const int DescriptorsMax = 128;

    internal const int WordsOfPage = 1024;
    internal const int WordBytes = 4;
    internal const int HalfShift = 16;

    // A descriptor: address in two words, length, flags and the next.
    internal const int DescriptorWords = 4;
    internal const uint HasNext = 1;
    internal const uint DeviceWrites = 2;

    // Flags and index share the first word of each ring. Entries of what is available have two bytes, entries of what is used two words.
    internal const int Available = 512;
    internal const int AvailableEntries = Available + 1;
    internal const int Used = 640;
    internal const int UsedEntries = Used + 1;
    internal const int UsedEntryWords = 2;

    /// <summary>The device need not interrupt: only without event index.</summary>
    internal const uint NoInterrupt = 1;

    /// <summary>The driver need not notify: only without event index.</summary>
    internal const uint NoNotify = 1;

    /// <summary>What comes before every frame. The driver does not look at it, and sends zeros.</summary>
    internal const int Header = 900;

    /// <summary>Bytes of it, with a device of version 1 ("Network Device", "Device Operation").</summary>
    internal const int HeaderBytes = 12;
}
