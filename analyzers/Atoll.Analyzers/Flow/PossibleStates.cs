using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Flow;

/// <summary>For each variable the states it may be in at one point of a function, one bit each. Immutable.</summary>
internal sealed class PossibleStates : IEquatable<PossibleStates>
{
    public static readonly PossibleStates None =
        new(ImmutableDictionary.Create<ISymbol, int>(SymbolEqualityComparer.Default));

    private readonly ImmutableDictionary<ISymbol, int> _states;

    private PossibleStates(ImmutableDictionary<ISymbol, int> states) => _states = states;

    public IEnumerable<KeyValuePair<ISymbol, int>> All => _states;

    public int this[ISymbol variable] => _states.TryGetValue(variable, out int states) ? states : 0;

    public PossibleStates With(ISymbol variable, int states) =>
        states == this[variable] ? this
        : states == 0 ? new(_states.Remove(variable))
        : new(_states.SetItem(variable, states));

    /// <summary>What may hold after either of two paths.</summary>
    public PossibleStates Or(PossibleStates other)
    {
        PossibleStates union = this;
        foreach (KeyValuePair<ISymbol, int> entry in other._states)
        {
            union = union.With(entry.Key, union[entry.Key] | entry.Value);
        }

        return union;
    }

    public bool Equals(PossibleStates? other) =>
        other is not null && _states.Count == other._states.Count
            && _states.All(entry => other[entry.Key] == entry.Value);

    public override bool Equals(object? other) => Equals(other as PossibleStates);

    public override int GetHashCode() => _states.Count;
}
