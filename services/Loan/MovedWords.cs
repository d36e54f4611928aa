using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>What stands on a page that moves: a word at every 64 bytes, which the borrower turns into its opposite.</summary>
internal static class MovedWords
{
    private const uint Words = 64;
    private const uint Distance = 64;

    /// <summary>Writes the words of a round.</summary>
    internal static void Write(RegisterPage page, uint round)
    {
        for (uint index = 0; index < Words; index++)
        {
            page.Write32(index * Distance, Of(round, index));
        }
    }

    /// <summary>Turns all of them.</summary>
    internal static void Turn(RegisterPage page)
    {
        for (uint index = 0; index < Words; index++)
        {
            page.Write32(index * Distance, ~page.Read32(index * Distance));
        }
    }

    /// <summary>How many are not the turned words of a round.</summary>
    internal static ulong Wrong(RegisterPage page, uint round)
    {
        ulong wrong = 0;
        for (uint index = 0; index < Words; index++)
        {
            wrong += page.Read32(index * Distance) == ~Of(round, index) ? 0UL : 1;
        }

        return wrong;
    }

    private static uint Of(uint round, uint index) => (round << 8) + index;
}
