namespace Atoll.Services.Net.Stack;

/// <summary>SipHash-2-4 over two or three words. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).</summary>
internal struct SipHash
{
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;

    /// <summary>The keyed hash of 16 bytes, given as two little-endian words.</summary>
    public static ulong Of(in SecretKey key, ulong first, ulong second)
    {
        SipHash hash = Begin(key);
        hash.Absorb(first);
        hash.Absorb(second);
        return hash.Finish(16);
    }

    /// <summary>The keyed hash of 24 bytes, given as three little-endian words.</summary>
    public static ulong Of(in SecretKey key, ulong first, ulong second, ulong third)
    {
        SipHash hash = Begin(key);
        hash.Absorb(first);
        hash.Absorb(second);
        hash.Absorb(third);
        return hash.Finish(24);
    }

    private static SipHash Begin(in SecretKey key)
    {
        SipHash hash = default;
        hash._v0 = key.Low ^ 0x736F_6D65_7073_6575;
        hash._v1 = key.High ^ 0x646F_7261_6E64_6F6D;
        hash._v2 = key.Low ^ 0x6C79_6765_6E65_7261;
        hash._v3 = key.High ^ 0x7465_6462_7974_6573;
        return hash;
    }

    private void Absorb(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private ulong Finish(ulong bytes)
    {
        Absorb(bytes << 56);
        _v2 ^= 0xFF;
        Round();
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = Rotate(_v1, 13) ^ _v0;
        _v0 = Rotate(_v0, 32);
        _v2 += _v3;
        _v3 = Rotate(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = Rotate(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = Rotate(_v1, 17) ^ _v2;
        _v2 = Rotate(_v2, 32);
    }

    private static ulong Rotate(ulong value, int bits) => (value << bits) | (value >> (64 - bits));
}
