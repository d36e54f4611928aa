using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>ATL0102: a loop that waits for another core or a device has a bound, and rests between two looks.</summary>
/// <remarks>
/// Seen type by type, so that a look in a helper of the same type is one. [Trusted] ends the proof: its reason says who
/// ends the wait.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BoundedWaitAnalyzer() : KernelRule(s_rule)
{
    /// <summary>The property of a report whose loop does not rest.</summary>
    public const string Restless = "Restless";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0102",
        "Unbounded wait",
        "This loop waits for '{0}' {1}",
        "Atoll.Progress",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What it waits for may never come: the core that does it may be dead, the device broken.",
        "docs/rules/ATL0102.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolStartAction(
            static start =>
            {
                var methods = new WaitMethods();
                var loops = new ConcurrentBag<ILoopOperation>();
                start.RegisterOperationAction(inner => Collect(inner, start.Symbol, methods), WaitMethods.Kinds);
                start.RegisterOperationAction(
                    inner =>
                    {
                        if (IsOf(start.Symbol, inner)
                            && !KernelProfile.IsTrusted(inner.Operation.EnclosingFunction(inner.ContainingSymbol)))
                        {
                            loops.Add((ILoopOperation)inner.Operation);
                        }
                    },
                    OperationKind.Loop);
                start.RegisterSymbolEndAction(end => Report(end, loops, methods));
            },
            SymbolKind.NamedType);

    private static void Collect(OperationAnalysisContext context, ISymbol type, WaitMethods methods)
    {
        if (IsOf(type, context) && context.Operation.EnclosingFunction(context.ContainingSymbol) is IMethodSymbol method)
        {
            methods.Add(method.Body(), context.Operation);
        }
    }

    // A nested type has a start of its own.
    private static bool IsOf(ISymbol type, OperationAnalysisContext context) =>
        SymbolEqualityComparer.Default.Equals(context.ContainingSymbol.ContainingType, type);

    private static void Report(SymbolAnalysisContext context, IEnumerable<ILoopOperation> loops, WaitMethods methods)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (ILoopOperation loop in loops.OrderBy(static loop => loop.Syntax.Span.Length))
        {
            // A way out of two loops is a condition of both; the inner one is meant.
            if (WaitLoop.Of(loop, methods.FactsOf) is { } wait && (!wait.IsBounded || wait.IsRestless)
                && reported.Add(wait.Look.Syntax))
            {
                string lack = !wait.IsRestless ? "without a bound"
                    : wait.IsBounded ? "without a pause"
                    : "without a bound and without a pause";
                ImmutableDictionary<string, string?> properties = wait.IsRestless
                    ? ImmutableDictionary<string, string?>.Empty.Add(Restless, null)
                    : ImmutableDictionary<string, string?>.Empty;
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, wait.Look.Syntax.GetLocation(), properties, wait.Look.Syntax.ToString(), lack));
            }
        }
    }
}
