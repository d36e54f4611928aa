namespace Atoll.Bench;

/// <summary>One measured number.</summary>
/// <param name="Name">What was measured, dotted, most general word first.</param>
/// <param name="Unit">Unit of all its values.</param>
/// <param name="Value">What it is.</param>
public sealed record Figure(string Name, string Unit, double Value)
{
    /// <summary>What it should be at most, or null when there is no aim.</summary>
    public double? Aim { get; init; }

    /// <summary>Cores of the machine, where the figure depends on them.</summary>
    public int? Cores { get; init; }

    /// <summary>What the same thing costs elsewhere, measured in the same run.</summary>
    public double? Peer { get; init; }

    /// <summary>Value over peer.</summary>
    public double? Ratio => Value / Peer;

    /// <summary>Whether the aim is met. True without an aim.</summary>
    public bool MeetsAim => Aim is null || Value <= Aim;
}
