using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0503: every byte of a message has a name and a written offset.</summary>
/// <remarks>
/// Fields are aligned, share bytes only with [Overlay], and leave no hole: what nobody writes is what was in the slot
/// before.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ExplicitLayoutAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0503",
        "Message layout not explicit",
        "'{0}': {1}",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Sender and receiver are compiled apart some day; what is not written down may differ then.",
        "docs/rules/ATL0503.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private const string Overlay = "Atoll.OverlayAttribute";

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.NamedType);

    private static void Inspect(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!MessageLayout.IsMessage(type))
        {
            return;
        }

        if (!MessageLayout.IsExplicit(type))
        {
            Report(context, type, "LayoutKind.Explicit is missing, so offsets follow from the order of fields");
            return;
        }

        int end = 0;
        foreach (PlacedField placed in MessageLayout.Placed(type).OrderBy(static field => field.Offset))
        {
            if (placed.Alignment > 1 && placed.Offset % placed.Alignment != 0)
            {
                Report(context, placed.Field, $"offset {placed.Offset} is not a multiple of {placed.Alignment}");
            }

            if (placed.Offset < end && !placed.Field.HasAttribute(Overlay))
            {
                Report(context, placed.Field, "it shares bytes with another field and does not say [Overlay]");
            }

            if (placed.Offset > end)
            {
                Report(context, placed.Field, $"nobody names the bytes {end} to {placed.Offset - 1} before it");
            }

            end = Math.Max(end, placed.End);
        }

        int size = MessageLayout.SizeOf(type);
        if (end < size)
        {
            Report(context, type, $"nobody names the bytes {end} to {size - 1} at its end");
        }
    }

    private static void Report(SymbolAnalysisContext context, ISymbol symbol, string fault) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, symbol.Place(), symbol.Display(), fault));
}
