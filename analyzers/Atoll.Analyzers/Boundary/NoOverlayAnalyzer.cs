using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0708: what nobody may make from a number shares its bytes with no other field.</summary>
/// <remarks>
/// An explicit layout that puts a pointer, a function pointer or a reference where another field is makes one from whatever is
/// written there, without a cast. Of owned values ATL0402 says so.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoOverlayAnalyzer() : KernelRule(s_rule)
{
    // Deeper than any struct that means something; one that contains itself has no end.
    private const int DepthMax = 32;

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0708",
        "Overlaid field",
        "'{0}' holds {1} and shares bytes with '{2}': whoever writes that makes one",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Overlay numbers with numbers only.",
        "docs/rules/ATL0708.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.NamedType);

    // Of the type, because the field of an auto-property is not shown alone.
    private static void Inspect(SymbolAnalysisContext context)
    {
        foreach (IFieldSymbol field in ValueExtent.Fields((INamedTypeSymbol)context.Symbol))
        {
            if (Overlays.Other(field) is { } other && Guarded(field) is { } what && !KernelProfile.IsTrusted(field))
            {
                ISymbol declared = field.AssociatedSymbol ?? field;
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, declared.Place(), declared.Name, what, (other.AssociatedSymbol ?? other).Name));
            }
        }
    }

    private static string? Guarded(IFieldSymbol field) =>
        field.RefKind != RefKind.None ? "a reference"
        : field.IsFixedSizeBuffer ? null
        : Guarded(field.Type, DepthMax);

    private static string? Guarded(ITypeSymbol type, int depth) =>
        type switch
        {
            { TypeKind: TypeKind.Pointer } => "a pointer",
            { TypeKind: TypeKind.FunctionPointer } => "a function pointer",
            { IsReferenceType: true } or { IsRefLikeType: true } => "a reference",
            ITypeParameterSymbol => "what its user chooses",
            { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } when depth > 0 => ValueExtent.Fields(type)
                .Select(inner => inner.RefKind != RefKind.None ? "a reference"
                    : inner.IsFixedSizeBuffer ? null : Guarded(inner.Type, depth - 1))
                .FirstOrDefault(static what => what is not null),
            _ => null,
        };
}
