namespace Atoll.Instance;

/// <summary>State and incarnation of an instance as one word, so that one load tells both and no reader sees half a change.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class LifeWord
{
    private const int StateBits = 8;

    /// <summary>The word.</summary>
    /// <param name="incarnation">Which life of the core, from 1.</param>
    /// <param name="state">Where in it.</param>
    public static ulong Of(ulong incarnation, InstanceLifecycle state) => (incarnation << StateBits) | (ulong)state;

    /// <summary>The state in a word. Untrusted when the word is: may be no member of the enumeration.</summary>
    public static InstanceLifecycle State(ulong word) => (InstanceLifecycle)(word & ((1UL << StateBits) - 1));
}
