using System.Runtime.InteropServices;

namespace Atoll.Coordinator;

/// <summary>One end of a channel, or somebody who asks for one, as the coordinator knows it.</summary>
public struct ChannelEnd
{
    /// <summary>Its core.</summary>
    public uint Core;

    /// <summary>Its number there.</summary>
    public uint Number;

    /// <summary>Whether it has not been told yet what became of it.</summary>
    public bool OwesAnswer;

    /// <summary>Whether it has not been told yet that the other end is gone. Its kernel may have heard that before it heard of the channel, from the other kernel.</summary>
    public bool OwesFarewell;

    /// <summary>Whether its pages are mapped nowhere: given back, or its core stopped.</summary>
    public bool IsGone;

    /// <summary>Whether it is this one.</summary>
    public readonly bool Is(uint core, uint number) => Core == core && Number == number;

    /// <summary>Its kernel says that it has let go of it.</summary>
    /// <returns>Whether that is news: of this end, which was told of its channel, for the first time.</returns>
    [MustUse]
    public bool TryLetGo(uint core, uint number)
    {
        bool isNews = Is(core, number) && !OwesAnswer && !IsGone;
        IsGone |= isNews;
        return isNews;
    }
}

/// <summary>What became of a request.</summary>
public enum ChannelStage : byte
{
    /// <summary>No record. Zeroed memory reads so.</summary>
    Free,

    /// <summary>The first end waits for the second.</summary>
    Waiting,

    /// <summary>Both have come: there are pages.</summary>
    Made,

    /// <summary>There will be no channel: the first end, the only one, has to be told.</summary>
    Refused,
}

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
