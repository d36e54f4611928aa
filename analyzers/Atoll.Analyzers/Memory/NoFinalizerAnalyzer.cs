using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0008: no finaliser; nothing would ever run it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoFinalizerAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0008",
        "No finalizer",
        "The finalizer of '{0}' never runs: release in an explicit call or in Dispose of a ref struct",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Finalizers are run by a collector, and there is none.",
        "docs/rules/ATL0008.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(
            static inner =>
            {
                // System.Object's own is the slot that a core library has to declare for the others.
                if (inner.Symbol is IMethodSymbol { MethodKind: MethodKind.Destructor } finalizer
                    && finalizer.ContainingType.SpecialType != SpecialType.System_Object)
                {
                    inner.ReportDiagnostic(Diagnostic.Create(
                        s_rule, finalizer.Place(), finalizer.ContainingType.Display()));
                }
            },
            SymbolKind.Method);
}
