// What a callee hands out is lost in a discard.
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
    static bool TryMint(out Token token)
    {
        token = Token.Mint();
        return true;
    }

    static bool Lost() => TryMint(out {|ATL0404:_|});

    static bool LostToo() => TryMint(out {|ATL0404:var _|});
}
