using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>Bools that keep the outcome of a check: <c>bool isOk = reply.IsOk;</c></summary>
/// <remarks>
/// Such a bool speaks for its result until either is written again. On a path where it may hold something else it says
/// nothing, and neither does a bool that keeps the outcomes of two results.
/// </remarks>
internal sealed class KeptOutcomes
{
    private const int Speaks = 2;
    private const int Mute = 4;

    private readonly Dictionary<ISymbol, (ISymbol Result, bool WhenOk)> _kept = new(SymbolEqualityComparer.Default);

    /// <summary>The state after a bool was assigned: with <paramref name="checkedResult"/>, what its check came to.</summary>
    public PossibleStates Keep(ISymbol variable, ISymbol? checkedResult, bool whenOk, PossibleStates state)
    {
        if (checkedResult is not null && !_kept.ContainsKey(variable))
        {
            _kept.Add(variable, (checkedResult, whenOk));
        }

        bool speaks = checkedResult is not null && _kept[variable].WhenOk == whenOk
            && SymbolEqualityComparer.Default.Equals(_kept[variable].Result, checkedResult);
        return state.With(variable, speaks ? Speaks : Mute);
    }

    /// <summary>The state after a variable was written by other means, or a result was: what was kept of it is old.</summary>
    public PossibleStates Forget(ISymbol variable, PossibleStates state)
    {
        PossibleStates known = _kept.ContainsKey(variable) ? state.With(variable, Mute) : state;
        foreach (ISymbol kept in _kept
            .Where(entry => SymbolEqualityComparer.Default.Equals(entry.Value.Result, variable))
            .Select(static entry => entry.Key))
        {
            known = known.With(kept, Mute);
        }

        return known;
    }

    /// <summary>The result that is known to be good where the bool has this value, or null.</summary>
    public ISymbol? Good(ILocalReferenceOperation reference, bool value, PossibleStates state) =>
        state[reference.Local] == Speaks && _kept.TryGetValue(reference.Local, out (ISymbol Result, bool WhenOk) kept)
            && kept.WhenOk == value
            ? kept.Result
            : null;
}
