using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.Contracts;

/// <summary>The promises of a method: its own, its property's, and those of the types around it.</summary>
internal readonly struct Contract(Promises promises, int? stackBytes)
{
    private const string StackBound = "Atoll.StackBoundAttribute";

    private static readonly ImmutableArray<(Promises Promise, string Attribute)> s_attributes =
    [
        (Promises.InterruptSafe, "Atoll.InterruptSafeAttribute"),
        (Promises.NoPanic, "Atoll.NoPanicAttribute"),
        (Promises.NoSimd, "Atoll.NoSimdAttribute"),
        (Promises.NoBlock, "Atoll.NoBlockAttribute"),
    ];

    public Promises Promises => promises;

    /// <summary>The declared bound on stack, in bytes.</summary>
    public int? StackBytes => stackBytes;

    public bool IsEmpty => promises == Promises.None && stackBytes is null;

    public static Contract Of(ISymbol? symbol)
    {
        var found = Promises.None;
        int? bound = null;
        for (ISymbol? scope = symbol?.OriginalDefinition; scope is not null and not INamespaceSymbol;
            scope = scope.ContainingSymbol)
        {
            foreach (AttributeData attribute in Attributes(scope))
            {
                found |= Promise(attribute);
                bound ??= attribute.AttributeClass.IsNamed(StackBound)
                    ? attribute.ConstructorArguments.FirstOrDefault().Value as int?
                    : null;
            }
        }

        return new Contract(found, bound);
    }

    /// <summary>What a caller with this contract misses in a callee; empty when nothing.</summary>
    /// <remarks>The caller has a frame of its own, so the callee's bound is smaller.</remarks>
    public string MissingInCallee(Contract callee) =>
        Missing(callee, stackBytes is { } bytes && !(callee.StackBytes < bytes) ? $"StackBound below {bytes}" : null);

    /// <summary>What an implementation lacks of this contract; empty when nothing.</summary>
    public string MissingInImplementation(Contract own) =>
        Missing(own, stackBytes is { } bytes && !(own.StackBytes <= bytes) ? $"StackBound({bytes})" : null);

    private string Missing(Contract other, string? bound)
    {
        Promises missing = promises & ~other.Promises;
        IEnumerable<string> names = s_attributes.Where(entry => (missing & entry.Promise) != 0)
            .Select(static entry => entry.Promise.ToString());
        return string.Join(", ", bound is null ? names : names.Append(bound));
    }

    private static IEnumerable<AttributeData> Attributes(ISymbol scope) =>
        scope is IMethodSymbol { AssociatedSymbol: { } owner }
            ? scope.GetAttributes().Concat(owner.GetAttributes())
            : scope.GetAttributes();

    private static Promises Promise(AttributeData attribute) =>
        s_attributes.FirstOrDefault(entry => attribute.AttributeClass.IsNamed(entry.Attribute)).Promise;
}
