using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0501: a message holds integers, enums, and structs and inline arrays of them.</summary>
/// <remarks>
/// No bool or char (bytes that are no value), no native integer, pointer or reference (they mean something here only),
/// no floating point (the kernel's senders may not touch those registers), no type parameter (unknown).
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlittableMessageAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0501",
        "Message not blittable",
        "'{0}' holds a '{1}', which does not mean the same to every reader",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Another core reads the bytes, not the type.",
        "docs/rules/ATL0501.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private const int DepthMax = 16;

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.NamedType);

    private static void Inspect(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!MessageLayout.IsMessage(type))
        {
            return;
        }

        foreach (IFieldSymbol field in MessageLayout.Fields(type))
        {
            if (FindForeign(field, DepthMax) is { } foreign)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, (field.AssociatedSymbol ?? field).Place(), field.Display(), foreign.Display()));
            }
        }
    }

    private static ITypeSymbol? FindForeign(IFieldSymbol field, int depth) =>
        field switch
        {
            { RefKind: not RefKind.None } => field.Type,
            { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol buffer } => FindForeign(buffer.PointedAtType, depth),
            _ => FindForeign(field.Type, depth),
        };

    // csc refuses structs that contain themselves, so the depth only guards against what does not compile.
    private static ITypeSymbol? FindForeign(ITypeSymbol type, int depth) =>
        type switch
        {
            { TypeKind: TypeKind.Enum } => null,
            { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 } => null,
            INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } when depth > 0 =>
                MessageLayout.Fields(type).Select(field => FindForeign(field, depth - 1))
                    .FirstOrDefault(static found => found is not null),
            _ => type,
        };
}
