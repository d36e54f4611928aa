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
            context.ReportDiagnostic(Diagnostic.Create(s_rule, type.Locations[0], type.Display(), fault));
        }
    }

    private static IEnumerable<string> Faults(INamedTypeSymbol type)
    {
        if (type.IsRecord)
        {
            yield return "the members that csc writes for a record copy it";
        }

        if (type.GetMembers().OfType<IMethodSymbol>().Any(IsEquality))
        {
            yield return "nobody has two to compare";
        }

        if (!Owned.IsLinear(type))
        {
            yield break;
        }

        if (type.GetMembers().OfType<IFieldSymbol>().Any(static field =>
            field is { IsStatic: false, DeclaredAccessibility: not Accessibility.Private }))
        {
            yield return "a field that others see makes it forgeable";
        }

        if (!type.GetMembers().OfType<IMethodSymbol>().Any(method => EndsValues(method, type)))
        {
            yield return "nothing ends it: give it a [Consumes] member, or a static one that takes it by value";
        }
    }

    private static bool IsEquality(IMethodSymbol method) =>
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
            { IsStatic: true } when Owned.EndsReceiver(method) => "a static method has no receiver to consume",
            _ when Owned.EndsReceiver(method) && !Owned.IsOwned(method.ContainingType)
                && method.ContainingType.TypeKind != TypeKind.Interface =>
                "only an owned value can be consumed",
            { Name: "Dispose", Parameters.IsEmpty: true, IsStatic: false }
                when Owned.IsLinear(method.ContainingType) && !Owned.EndsReceiver(method) =>
                "using ends its variable, so Dispose of a [Linear] type is [Consumes]",
            _ => null,
        };
        if (fault is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, method.Locations[0], method.Display(), fault));
        }
    }
}
