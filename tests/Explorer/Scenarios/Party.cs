using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>One who has links: where it runs, and the words that its peers look at.</summary>
/// <param name="id">Where it runs.</param>
/// <param name="number">What links call it by.</param>
/// <param name="wake">Its wake word.</param>
/// <param name="life">Its life word.</param>
/// <param name="isMortal">Whether it may die.</param>
public sealed unsafe class Party(ContextId id, uint number, ulong* wake, ulong* life, bool isMortal)
{
    /// <summary>Where it runs.</summary>
    public ContextId Id => id;

    /// <summary>What links call it by.</summary>
    public uint Number => number;

    /// <summary>Its wake word: a constant when it never sleeps.</summary>
    public ulong* Wake => wake;

    /// <summary>Its life word: a constant when it cannot die.</summary>
    public ulong* Life => life;

    /// <summary>Whether it may die.</summary>
    public bool IsMortal => isMortal;
}
