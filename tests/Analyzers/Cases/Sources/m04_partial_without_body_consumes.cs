// csc erases a call of a partial method without a body, so nothing takes the value over.
[Linear]
struct Token
{
    private ulong _bits;

    public static Token Mint() => new Token { _bits = 1 };

    [Consumes]
    public void End() => _bits = 0;

    public readonly ulong Bits => _bits;
}

static partial class Probe
{
    static partial void Give(Token token);

    static void Leak()
    {
        Token {|ATL0404:token|} = Token.Mint();
        Give(token);
    }
}
