using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Search;

/// <summary>What a search found.</summary>
/// <param name="States">Different states.</param>
/// <param name="Transitions">Transitions between them.</param>
/// <param name="Ends">States in which all is done.</param>
/// <param name="Elapsed">Processor time of the process, since others use the machine.</param>
/// <param name="Violation">The first violation, by a shortest run, or null.</param>
public sealed record Exploration(int States, long Transitions, int Ends, TimeSpan Elapsed, Violation? Violation)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{States} states, {Transitions} transitions, {Ends} ends, {Elapsed.TotalSeconds:f2} s";
}

/// <summary>A property that does not hold.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Message">Details.</param>
/// <param name="Schedule">The moves that lead there: <see cref="Replay"/> repeats them.</param>
public sealed record Violation(ViolationKind Kind, string Message, IReadOnlyList<Move> Schedule);
