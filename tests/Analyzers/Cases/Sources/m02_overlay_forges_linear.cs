// An owned field that shares bytes with a number can be made from any number.
[Linear]
struct Token
{
    private ulong _bits;

    public static Token Mint() => new Token { _bits = 1 };

    [Consumes]
    public void End() => _bits = 0;

    public readonly ulong Bits => _bits;
}

[NonCopyable, StructLayout(LayoutKind.Explicit)]
struct Mask
{
    [FieldOffset(0)]
    public Token {|ATL0402:Token|};
    [FieldOffset(0)]
    public ulong Number;
}

static class Probe
{
    static ulong Forge(ulong number)
    {
        Mask mask = default;
        mask.Number = number;
        return mask.Token.Bits;
    }
}
