namespace Atoll.Explorer.Actors;

/// <summary>Life words of a scenario: a link compares with the one of the living, and believes any other.</summary>
public static class LifeWords
{
    /// <summary>While it lives.</summary>
    public const ulong Alive = 0x103;

    /// <summary>After its death.</summary>
    public const ulong Dead = 0x104;
}
