using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers;

/// <summary>As <see cref="GuardedStart"/>, for the actions of one symbol.</summary>
internal sealed class GuardedSymbolStart(SymbolStartAnalysisContext start, Func<Location, Exception, Diagnostic> crashed)
#pragma warning disable CS0618 // Meant for those who would make one out of nothing; this one stands before Roslyn's own.
    : SymbolStartAnalysisContext(start.Symbol, start.Compilation, start.Options, start.CancellationToken)
#pragma warning restore CS0618
{
    public override void RegisterSymbolEndAction(Action<SymbolAnalysisContext> action) =>
        start.RegisterSymbolEndAction(inner =>
            GuardedStart.Run(crashed, action, inner, static at => at.Symbol.Place(), inner.ReportDiagnostic));

    public override void RegisterOperationAction(
        Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
        start.RegisterOperationAction(
            inner => GuardedStart.Run(
                crashed, action, inner, static at => at.Operation.Syntax.GetLocation(), inner.ReportDiagnostic),
            operationKinds);

    public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
        start.RegisterOperationBlockAction(inner =>
            GuardedStart.Run(crashed, action, inner, static at => at.OwningSymbol.Place(), inner.ReportDiagnostic));

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
        start.RegisterSyntaxNodeAction(
            inner => GuardedStart.Run(crashed, action, inner, static at => at.Node.GetLocation(), inner.ReportDiagnostic),
            syntaxKinds);

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw NotGuarded();

    public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action) =>
        throw NotGuarded();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
        Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => throw NotGuarded();

    private static NotSupportedException NotGuarded() => new("GuardedSymbolStart has no guard for this action yet: add it there.");
}
