using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0408: an owned type is declared so that the other rules can hold.</summary>
/// <remarks>
/// A plain struct with private fields, without equality, and with a way to end its values.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnedDeclarationAnalyzer() : KernelRule(s_rule)
{
    /// <summary>The finding's property that says what is wrong: one of the faults below, or none of them.</summary>
    internal const string Fault = "Fault";

    internal const string IsRecord = "the members that csc writes for a record copy it";
    internal const string HasEquality = "nobody has two to compare";
    internal const string HasOpenField = "a field that others see makes it forgeable";
    internal const string StaticConsumes = "a static method has no receiver to consume";
    internal const string DisposeDoesNotConsume = "using ends its variable, so Dispose of a [Linear] type is [Consumes]";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0408",
        "Bad linear declaration",
        "'{0}': {1}",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What the declaration allows, no rule about uses can take back.",
        "docs/rules/ATL0408.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(InspectType, SymbolKind.NamedType);
        context.RegisterSymbolAction(InspectMethod, SymbolKind.Method);
    }

    private static void InspectType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!Owned.IsOwned(type))
        {
            return;
        }

        foreach (string fault in Faults(type))
        {
            Report(context, type, fault);
        }
    }

    private static IEnumerable<string> Faults(INamedTypeSymbol type)
    {
        if (type.IsRecord)
        {
            yield return IsRecord;
        }

        if (type.GetMembers().OfType<IMethodSymbol>().Any(IsEquality))
        {
            yield return HasEquality;
        }

        if (!Owned.IsLinear(type))
        {
            yield break;
        }

        if (type.GetMembers().OfType<IFieldSymbol>().Any(static field =>
            field is { IsStatic: false, DeclaredAccessibility: not Accessibility.Private }))
        {
            yield return HasOpenField;
        }

        if (!type.GetMembers().OfType<IMethodSymbol>().Any(method => EndsValues(method, type)))
        {
            yield return "nothing ends it: give it a [Consumes] member, or a static one that takes it by value";
        }
    }

    internal static bool IsEquality(IMethodSymbol method) =>
        method is { IsImplicitlyDeclared: false, Name: "op_Equality" or "op_Inequality" or "Equals" };

    private static bool EndsValues(IMethodSymbol method, INamedTypeSymbol type) =>
        Owned.EndsReceiver(method)
            || method is { IsStatic: true, MethodKind: MethodKind.Ordinary } && method.Parameters.Any(parameter =>
                parameter.RefKind == RefKind.None
                    && SymbolEqualityComparer.Default.Equals(parameter.Type.OriginalDefinition, type));

    private static void InspectMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        string? fault = method switch
        {
            { IsStatic: true } when Owned.EndsReceiver(method) => StaticConsumes,
            _ when Owned.EndsReceiver(method) && !Owned.IsOwned(method.ContainingType)
                && method.ContainingType.TypeKind != TypeKind.Interface =>
                "only an owned value can be consumed",
            { Name: "Dispose", Parameters.IsEmpty: true, IsStatic: false }
                when Owned.IsLinear(method.ContainingType) && !Owned.EndsReceiver(method) =>
                DisposeDoesNotConsume,
            _ => null,
        };
        if (fault is not null)
        {
            Report(context, method, fault);
        }
    }

    private static void Report(SymbolAnalysisContext context, ISymbol declared, string fault) =>
        context.ReportDiagnostic(Diagnostic.Create(
            s_rule,
            declared.Place(),
            ImmutableDictionary<string, string?>.Empty.Add(Fault, fault),
            declared.Display(),
            fault));
}
