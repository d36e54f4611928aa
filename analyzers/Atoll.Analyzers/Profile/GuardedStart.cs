using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers;

/// <summary>Registers a rule's actions in such a way that a crash of one is an error where it happened (ATL8000).</summary>
/// <remarks>
/// A rule gets no other context, so none can forget it. Every way to register that Roslyn has is here; the ways that no rule
/// uses yet refuse, so that whoever wants one adds its guard.
/// </remarks>
#pragma warning disable RS1012 // It registers in its methods, for the rule.
internal sealed class GuardedStart(CompilationStartAnalysisContext start, Func<Location, Exception, Diagnostic> crashed)
    : CompilationStartAnalysisContext(start.Compilation, start.Options, start.CancellationToken)
#pragma warning restore RS1012
{
    public override void RegisterCompilationEndAction(Action<CompilationAnalysisContext> action) =>
        start.RegisterCompilationEndAction(inner => Run(action, inner, static _ => Location.None, inner.ReportDiagnostic));

    public override void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) =>
        start.RegisterSyntaxTreeAction(inner =>
            Run(action, inner, static at => at.Tree.GetLocation(default), inner.ReportDiagnostic));

    public override void RegisterSyntaxNodeAction<TLanguageKindEnum>(
        Action<SyntaxNodeAnalysisContext> action, ImmutableArray<TLanguageKindEnum> syntaxKinds) =>
        start.RegisterSyntaxNodeAction(
            inner => Run(action, inner, static at => at.Node.GetLocation(), inner.ReportDiagnostic), syntaxKinds);

    public override void RegisterSymbolAction(Action<SymbolAnalysisContext> action, ImmutableArray<SymbolKind> symbolKinds) =>
        start.RegisterSymbolAction(
            inner => Run(action, inner, static at => at.Symbol.Place(), inner.ReportDiagnostic), symbolKinds);

    public override void RegisterOperationAction(
        Action<OperationAnalysisContext> action, ImmutableArray<OperationKind> operationKinds) =>
        start.RegisterOperationAction(
            inner => Run(action, inner, static at => at.Operation.Syntax.GetLocation(), inner.ReportDiagnostic), operationKinds);

    public override void RegisterOperationBlockAction(Action<OperationBlockAnalysisContext> action) =>
        start.RegisterOperationBlockAction(inner =>
            Run(action, inner, static at => at.OwningSymbol.Place(), inner.ReportDiagnostic));

    public override void RegisterSymbolStartAction(Action<SymbolStartAnalysisContext> action, SymbolKind symbolKind) =>
        start.RegisterSymbolStartAction(
            inner =>
            {
                try
                {
                    action(new GuardedSymbolStart(inner, crashed));
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    inner.RegisterSymbolEndAction(end => end.ReportDiagnostic(crashed(end.Symbol.Place(), exception)));
                }
            },
            symbolKind);

    public override void RegisterSemanticModelAction(Action<SemanticModelAnalysisContext> action) => throw NotGuarded();

    public override void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action) => throw NotGuarded();

    public override void RegisterCodeBlockAction(Action<CodeBlockAnalysisContext> action) => throw NotGuarded();

    public override void RegisterOperationBlockStartAction(Action<OperationBlockStartAnalysisContext> action) =>
        throw NotGuarded();

    public override void RegisterCodeBlockStartAction<TLanguageKindEnum>(
        Action<CodeBlockStartAnalysisContext<TLanguageKindEnum>> action) => throw NotGuarded();

    private static NotSupportedException NotGuarded() => new("GuardedStart has no guard for this action yet: add it there.");

    private void Run<T>(Action<T> action, T inner, Func<T, Location> place, Action<Diagnostic> report) =>
        Run(crashed, action, inner, place, report);

    /// <summary>Runs one action, and reports when it crashes.</summary>
    internal static void Run<T>(
        Func<Location, Exception, Diagnostic> crashed, Action<T> action, T inner, Func<T, Location> place, Action<Diagnostic> report)
    {
        try
        {
            action(inner);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            report(crashed(place(inner), exception));
        }
    }
}
