using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.State;

/// <summary>ATL0603: no static constructor and no module initialiser; nothing runs them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoStaticConstructorAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0603",
        "Static constructor",
        "'{0}' never runs, so its statics stay zero: initialise where they are declared, or pass the state in",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "There is no startup code that runs static constructors or module initialisers.",
        "docs/rules/ATL0603.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(
            static inner =>
            {
                var method = (IMethodSymbol)inner.Symbol;
                bool isStaticConstructor =
                    method is { MethodKind: MethodKind.StaticConstructor, IsImplicitlyDeclared: false };
                if (isStaticConstructor
                    || method.HasAttribute("System.Runtime.CompilerServices.ModuleInitializerAttribute"))
                {
                    inner.ReportDiagnostic(Diagnostic.Create(s_rule, method.Place(), method.Display()));
                }
            },
            SymbolKind.Method);
}
