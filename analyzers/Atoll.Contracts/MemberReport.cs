using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts;

/// <summary>Collects what is wrong with one member: one diagnostic for each place and guarantee, breaks before unknowns.</summary>
internal sealed class MemberReport(IMethodSymbol function, Guarantees promised, Action<Diagnostic> report)
{
    private readonly HashSet<(Location Where, Guarantees Guarantee)> _said = [];
    private readonly List<(Location Where, Guarantees Missing, string Why)> _unknown = [];

    /// <summary>Adds a break, which is reported at once, or something unknown, which the ratchet decides about.</summary>
    public void Add(Guarantees broken, DiagnosticDescriptor rule, SyntaxNode syntax, string what)
    {
        if (broken == Guarantees.None)
        {
            return;
        }

        Location where = syntax.GetLocation();
        if (rule == Rules.Unknown)
        {
            AddAt(broken, where, what);
        }
        else if (_said.Add((where, broken)))
        {
            report(Diagnostic.Create(rule, where, function.Display(), broken.Brackets(), what));
        }
    }

    /// <summary>Adds something unknown.</summary>
    public void AddAt(Guarantees missing, Location where, string why)
    {
        if (missing == Guarantees.None)
        {
            return;
        }

        int known = _unknown.FindIndex(one => one.Where == where && one.Why == why);
        if (known >= 0)
        {
            _unknown[known] = (where, _unknown[known].Missing | missing, why);
        }
        else
        {
            _unknown.Add((where, missing, why));
        }
    }

    /// <summary>What is unknown and not reported as broken besides.</summary>
    public IReadOnlyList<Diagnostic> Unknowns() =>
    [
        .. _unknown.Select(one => (one.Where, Missing: Open(one.Where, one.Missing), one.Why))
            .Where(static one => one.Missing != Guarantees.None)
            .Select(one => Diagnostic.Create(Rules.Unknown, one.Where, function.Display(), promised.Brackets(), one.Missing.Brackets(), one.Why)),
    ];

    public void Report(Diagnostic diagnostic) => report(diagnostic);

    private Guarantees Open(Location where, Guarantees missing)
    {
        foreach ((Location said, Guarantees guarantee) in _said)
        {
            missing &= said == where ? ~guarantee : Guarantees.All;
        }

        return missing;
    }
}
