namespace Atoll.Bench;

/// <summary>One measured number.</summary>
/// <param name="Name">What was measured, dotted, most general word first.</param>
/// <param name="Unit">Unit of all its values.</param>
/// <param name="Value">What it is.</param>
public sealed record Figure(string Name, string Unit, double Value)
{
    /// <summary>What it should be at most, or null when there is no aim.</summary>
    public double? Aim { get; init; }

    /// <summary>Whether the aim is what it should be at least.</summary>
    public bool AimsHigh { get; init; }

    /// <summary>Cores of the machine, where the figure depends on them.</summary>
    public int? Cores { get; init; }

    /// <summary>Slots of the ring or queue, where the figure depends on them.</summary>
    public int? Slots { get; init; }

    /// <summary>How far apart the processors were, where the figure depends on it.</summary>
    public string? Placement { get; init; }

    /// <summary>The lower quartile of the samples, where the value is their median.</summary>
    public double? Low { get; init; }

    /// <summary>The upper quartile of the samples.</summary>
    public double? High { get; init; }

    /// <summary>The greatest sample, where the value is their mean.</summary>
    public double? Most { get; init; }

    /// <summary>The value in nanoseconds, where its unit is a tick.</summary>
    public double? Nanoseconds { get; init; }

    /// <summary>Why there is no value, or null when there is one.</summary>
    public string? Missing { get; private init; }

    /// <summary>What the same thing costs elsewhere, measured in the same run.</summary>
    public double? Peer { get; init; }

    /// <summary>Value over peer.</summary>
    public double? Ratio => Value / Peer;

    /// <summary>Whether the aim is met. True without an aim.</summary>
    public bool MeetsAim => Aim is null || (AimsHigh ? Value >= Aim : Value <= Aim);

    /// <summary>A figure that could not be measured, and why: a hole that is seen.</summary>
    public static Figure NotMeasured(string name, string unit, string why) => new(name, unit, double.NaN) { Missing = why };
}
