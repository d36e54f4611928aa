namespace Atoll.Abi;

/// <summary>What Init signals to programs with a grant of <see cref="GrantKind.Deaths"/>: one bit for each program that was taken away.</summary>
public static class DeathSignal
{
    /// <summary>The bit of a program.</summary>
    /// <param name="program">Its position in the system, below <see cref="SystemHeader.ProgramsMax"/>, and so below 64.</param>
    public static ulong Of(uint program) => 1UL << (int)program;

    /// <summary>Whether a client is among those that died.</summary>
    /// <param name="bits">What came.</param>
    /// <param name="badge">The client's badge: its position and one.</param>
    public static bool Names(ulong bits, ulong badge) => badge - 1 < SystemHeader.ProgramsMax && (bits & (1UL << (int)(badge - 1))) != 0;
}
