namespace Atoll.RingSampler.Measures;

/// <summary>What one sample found.</summary>
/// <param name="Ticks">Ticks for each message, round trip or line.</param>
/// <param name="IsUndisturbed">Whether both threads kept their processors.</param>
internal readonly record struct Sample(double Ticks, bool IsUndisturbed);
