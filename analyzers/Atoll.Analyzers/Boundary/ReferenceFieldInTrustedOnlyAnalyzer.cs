using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0707: a field that is a reference is declared in [Trusted] code only.</summary>
/// <remarks>
/// Every other reference in C# leads to something that is there. This one is null in <c>default</c> and until it is assigned, and
/// no compiler checks it: an access lands at the field's offset or the element's place above address 0.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReferenceFieldInTrustedOnlyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0707",
        "Reference field outside Trusted",
        "'{0}' may be null, and nothing checks it before it is followed",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Pass references as parameters; keep a span, whose length says that there is nothing.",
        "docs/rules/ATL0707.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.Field);

    private static void Inspect(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (field.RefKind != RefKind.None && !KernelProfile.IsTrusted(field))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, field.Place(), field.Display()));
        }
    }
}
