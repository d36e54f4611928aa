using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Contracts;

/// <summary>ATL0012: an override or implementation promises at least what its base does.</summary>
/// <remarks>
/// Static abstract members included: through a type parameter they are the usual way into other code.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeepContractAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0012",
        "Contract weakened",
        "'{0}' implements '{1}' and does not promise what that does: {2}",
        "Atoll.Contracts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Callers know the promise of the member they name, not of the one they reach.",
        "docs/rules/ATL0012.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(InspectOverride, SymbolKind.Method);
        context.RegisterSymbolAction(InspectImplementations, SymbolKind.NamedType);
    }

    private static void InspectOverride(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.OverriddenMethod is { } promised)
        {
            Compare(context, new Implementation(method, promised, method.Place()));
        }
    }

    private static void InspectImplementations(SymbolAnalysisContext context)
    {
        foreach (Implementation implementation in Implementation.OfInterfaces((INamedTypeSymbol)context.Symbol))
        {
            Compare(context, implementation);
        }
    }

    private static void Compare(SymbolAnalysisContext context, Implementation implementation)
    {
        string missing = Contract.Of(implementation.Promised)
            .MissingInImplementation(Contract.Of(implementation.Method));
        if (missing.Length > 0 && !KernelProfile.IsTrusted(implementation.Method))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                implementation.Place,
                implementation.Method.Display(),
                implementation.Promised.Display(),
                missing));
        }
    }
}
