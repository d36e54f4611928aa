using Atoll.Analyzers;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Bodies;

/// <summary>What members do that the compiler writes: of records, events, delegates, structs.</summary>
internal static class SynthesizedMembers
{
    /// <summary>The body, or null when the member is written by a person, or not known.</summary>
    public static Body? Find(IMethodSymbol method)
    {
        if (method.MethodKind is MethodKind.EventAdd or MethodKind.EventRemove)
        {
            return method.IsImplicitlyDeclared && method.AssociatedSymbol is IEventSymbol @event && IsSource(@event)
                ? Single(Guarantees.NoGC, Rules.Delegate, @event, "the handlers of an event are combined")
                : null;
        }

        if (!method.IsImplicitlyDeclared)
        {
            return null;
        }

        if (method is { MethodKind: MethodKind.Constructor, ContainingType.IsValueType: true, Parameters.IsEmpty: true })
        {
            return Body.Empty;
        }

        return method.ContainingType is { IsRecord: true } record && IsSource(record) ? OfRecord(method, record) : null;
    }

    private static Body? OfRecord(IMethodSymbol method, INamedTypeSymbol record) =>
        method.Name switch
        {
            "Deconstruct" or "get_EqualityContract" => Body.Empty,
            "ToString" or "PrintMembers" => Single(Guarantees.NoGC, Rules.Text, record, "a record's ToString"),
            "<Clone>$" => Single(Guarantees.NoGC, Rules.Object, record, "a copy of a record"),
            "Equals" when method.Parameters.Length == 1 && method.Parameters[0].Type.SpecialType == SpecialType.System_Object && record.IsValueType => Equality(record),
            "Equals" or "GetHashCode" or "op_Equality" or "op_Inequality" => Equality(record),
            _ when method.MethodKind == MethodKind.Constructor && method.Parameters.Length == 1 => Body.Empty,
            _ => null,
        };

    // EqualityComparer<T>.Default for each field; of a class that is not sealed, a virtual call besides.
    private static Body Equality(INamedTypeSymbol record)
    {
        IFieldSymbol? wild = record.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(static field => !field.IsStatic && !IsTame(field.Type));
        bool isKnown = wild is null && (record.IsValueType || record is { IsSealed: true, BaseType.SpecialType: SpecialType.System_Object });
        return isKnown ? Body.Empty
            : Single(Guarantees.All, Rules.Unknown, record, wild is null ? "equality of a record that others derive from" : $"equality of '{wild.Type.Display()}'");
    }

    private static bool IsTame(ITypeSymbol type) => TameTypes.Contains(type);

    private static Body Single(Guarantees breaks, DiagnosticDescriptor rule, ISymbol where, string what) =>
        new([new Deed(breaks, rule, where.DeclaringSyntaxReferences[0].GetSyntax(), what)], []);

    private static bool IsSource(ISymbol symbol) => !symbol.DeclaringSyntaxReferences.IsEmpty;
}
