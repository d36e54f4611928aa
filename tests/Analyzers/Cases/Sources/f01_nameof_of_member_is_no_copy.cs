// nameof runs nothing, so nothing is copied.
[Linear]
struct Token
{
    private ulong _bits;

    public static Token Mint() => new Token { _bits = 1 };

    [Consumes]
    public void End() => _bits = 0;

    public readonly ulong Bits => _bits;
}

static class Probe
{
    static bool Has(in Token token) => nameof(token.End) == nameof(token.Bits);
}
