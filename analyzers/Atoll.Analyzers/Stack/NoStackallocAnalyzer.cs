using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Stack;

/// <summary>ATL0303: no <c>stackalloc</c> and no <c>fixed</c> buffer; an inline array is both, with a length in its type.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoStackallocAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0303",
        "No stackalloc or fixed buffer",
        "{0}: use an [InlineArray] struct",
        "Atoll.Stack",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Both bring a stack cookie that needs a runtime; a length that is not constant ends the proof of the stack bound.",
        "docs/rules/ATL0303.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSyntaxNodeAction(
            static inner => Report(
                inner.ReportDiagnostic, inner.Node.GetLocation(), "'stackalloc' moves the stack pointer at run time"),
            SyntaxKind.StackAllocArrayCreationExpression,
            SyntaxKind.ImplicitStackAllocArrayCreationExpression);
        context.RegisterSymbolAction(
            static inner =>
            {
                if (inner.Symbol is IFieldSymbol { IsFixedSizeBuffer: true } buffer)
                {
                    Report(inner.ReportDiagnostic, buffer.Place(), $"'{buffer.Display()}' is a buffer without bounds");
                }
            },
            SymbolKind.Field);
    }

    private static void Report(Action<Diagnostic> report, Location location, string what) =>
        report(Diagnostic.Create(s_rule, location, what));
}
