namespace Atoll.Services.Lib;

/// <summary>Numbers that a seed decides.</summary>
/// <remarks>Source: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" (xorshift64*).</remarks>
public struct RandomNumbers
{
    private ulong _state;

    /// <summary>Begins.</summary>
    public RandomNumbers(ulong seed) => _state = seed + 0x9E37_79B9_7F4A_7C15;

    /// <summary>A number below a bound.</summary>
    public ulong Below(uint bound)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return bound == 0 ? 0 : (_state * 0x2545_F491_4F6C_DD1D >> 32) % bound;
    }
}
