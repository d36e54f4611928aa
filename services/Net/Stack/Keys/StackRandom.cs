namespace Atoll.Services.Net.Stack;

/// <summary>Numbers that peers cannot foretell, and that repeat exactly when the key does: SipHash of a counter.</summary>
internal struct StackRandom
{
    private SecretKey _key;
    private ulong _drawn;

    public void Begin(in SecretKey key) => _key = key;

    public ulong Next() => SipHash.Of(_key, ++_drawn, Purpose.Random);

    /// <summary>A keyed hash of a flow, for one purpose: what is learned from one tells nothing about another.</summary>
    public readonly ulong Of(in Flow flow, ulong purpose) => SipHash.Of(_key, flow.Addresses, flow.Ports, purpose);

    /// <summary>A keyed hash of a hash and one more word.</summary>
    public readonly ulong Of(ulong hash, ulong word) => SipHash.Of(_key, hash, word);
}

/// <summary>What a keyed hash is for.</summary>
internal static class Purpose
{
    public const ulong Random = 1;
    public const ulong FlowTable = 2;
    public const ulong InitialSequence = 3;
    public const ulong TimestampOffset = 4;
    public const ulong SynCookie = 5;
}
