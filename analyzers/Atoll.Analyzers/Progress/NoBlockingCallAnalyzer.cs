using Atoll.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Progress;

/// <summary>ATL0104: what promises to go on calls nothing that waits.</summary>
/// <remarks>
/// [InterruptSafe] counts as such a promise: what is waited for may be what was interrupted. [Trusted] on the callee does
/// not help, as it says that the wait is right, not that there is none.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoBlockingCallAnalyzer() : KernelRule(s_rule)
{
    private const string Blocks = "Atoll.BlocksAttribute";
    internal const Promises GoesOn = Promises.NoBlock | Promises.InterruptSafe;

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0104",
        "Blocking call in no-block context",
        "'{0}' promises {1}, and '{2}' waits for others",
        "Atoll.Progress",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Whoever is waited for may be dead, or be the code that was interrupted.",
        "docs/rules/ATL0104.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectCall, Calls.Calls.Kinds);
        context.RegisterSymbolAction(InspectDeclaration, SymbolKind.Method);
    }

    private static void InspectCall(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        ISymbol function = operation.EnclosingFunction(context.ContainingSymbol);
        Promises promised = Contract.Of(function).Promises & GoesOn;
        if (promised == Promises.None || operation.IsInAttribute() || operation.IsInNameOf()
            || KernelProfile.IsTrusted(function))
        {
            return;
        }

        IMethodSymbol? waits = Calls.Calls.Of(operation, context.Compilation).FirstOrDefault(IsBlocking);
        if (waits is not null)
        {
            Report(context.ReportDiagnostic, operation.Syntax.GetLocation(), function, promised, waits);
        }
    }

    // Both at once is a contradiction, whoever calls it.
    private static void InspectDeclaration(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        Promises promised = Contract.Of(method).Promises & GoesOn;
        if (promised != Promises.None && !method.IsImplicitlyDeclared && IsBlocking(method))
        {
            Report(context.ReportDiagnostic, method.Place(), method, promised, method);
        }
    }

    /// <summary>Says whether the method, its type or what it overrides waits for others.</summary>
    internal static bool IsBlocking(IMethodSymbol method) =>
        method.Body().HasAttribute(Blocks)
            || method.AssociatedSymbol?.HasAttribute(Blocks) == true
            || method.ContainingType?.OriginalDefinition.HasAttribute(Blocks) == true
            || method.OverriddenMethod is { } promised && IsBlocking(promised);

    private static void Report(
        Action<Diagnostic> report, Location where, ISymbol function, Promises promised, IMethodSymbol waits) =>
        report(Diagnostic.Create(s_rule, where, function.Display(), promised, waits.Display()));
}
