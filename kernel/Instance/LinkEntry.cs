using Atoll.Abi;
using Atoll.Base;
using Atoll.Ipc;

namespace Atoll.Instance;

/// <summary>One place in an instance's link table: the link, and what is asked and owed on it.</summary>
[PerCore]
[NonCopyable]
public struct LinkEntry
{
    /// <summary>The link.</summary>
    public Link Link;

    /// <summary>Core of the peer of the link that is gone.</summary>
    public uint ReleasedPeer;

    /// <summary>Whether a question is out that was not answered yet.</summary>
    public bool AwaitsPong;

    /// <summary>Whether an answer is owed, because the ring was full.</summary>
    public bool OwesPong;

    /// <summary>Whether the place is taken.</summary>
    public bool IsUsed;

    /// <summary>Whether the link is gone and unmapped, and the coordinator has not been told yet.</summary>
    public bool OwesRelease;

    /// <summary>Whether the coordinator may not be told yet, because memory of the peer is still mapped for programs.</summary>
    public bool IsHeldBack;

    /// <summary>Whether the peer was asked to let somebody have a capability of its own, and has not answered: it is asked once at a time.</summary>
    public bool AwaitsPass;

    /// <summary>Questions answered by the peer.</summary>
    public ulong Pongs;

    /// <summary>Whether a message is owed that found no room in a ring.</summary>
    public readonly bool Owes => OwesPong || (OwesRelease && !IsHeldBack);

    /// <summary>The answer to the peer's question of that kind that found no room; 0: none.</summary>
    public ulong PassAnswer;

    /// <summary>Numbers of calls of the peer's that this instance had no room for and has not answered yet, a bit each.</summary>
    public uint FullCalls;

    /// <summary>The same for those whose endpoint the peer does not hold, or no more.</summary>
    public uint DeadCalls;

    /// <summary>What the peer was granted, as the coordinator says.</summary>
    public PeerGrant Grant;

    /// <summary>Epoch of the link that is gone.</summary>
    public ulong ReleasedEpoch;

    /// <summary>Pages that so many links fill.</summary>
    public static unsafe uint PagesFor(uint links) =>
        (uint)(Bits.AlignUp(links * (ulong)sizeof(LinkEntry), ImageLayout.PageSizeBytes) / ImageLayout.PageSizeBytes);

    /// <summary>Links that fit into so many pages.</summary>
    public static unsafe uint CapacityOf(uint pages) => (uint)(pages * ImageLayout.PageSizeBytes / (ulong)sizeof(LinkEntry));
}
