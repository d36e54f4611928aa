using System.Runtime.InteropServices;

namespace Atoll.Coordinator;

/// <summary>A channel, or a request for one. Layout version 1.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
public struct ChannelRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int SizeBytes = 64;

    /// <summary>What both ends call it.</summary>
    public ulong Name;

    /// <summary>Which channel it is.</summary>
    public ulong Epoch;

    /// <summary>Physical address of its pages: first to second, then second to first.</summary>
    public ulong Pages;

    /// <summary>Who came first.</summary>
    public ChannelEnd First;

    /// <summary>Who came second; before that, the core it will come from.</summary>
    public ChannelEnd Second;

    /// <summary>What became of it.</summary>
    public ChannelStage Stage;

    /// <summary>Whether it is in the list of those that somebody is to be told of.</summary>
    public bool IsListed;

    /// <summary>One more than the index of the next free record, or of the next that waits under the same head; 0: none.</summary>
    public uint Next;

    /// <summary>One more than the index of the next that somebody is to be told of.</summary>
    public uint NextOwing;

    /// <summary>Whether somebody has not been told yet what became of it.</summary>
    public readonly bool OwesAnything => First.OwesAnswer || Second.OwesAnswer || First.OwesFarewell || Second.OwesFarewell;

    /// <summary>Whether a core has an end of it, or had one.</summary>
    public readonly bool Involves(uint core) =>
        Stage != ChannelStage.Free && (First.Core == core || (Stage == ChannelStage.Made && Second.Core == core));
}
