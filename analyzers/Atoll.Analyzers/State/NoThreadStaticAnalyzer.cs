using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.State;

/// <summary>ATL0605: no thread-static field; there are no threads, and the storage would be an object.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoThreadStaticAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0605",
        "Thread-static field",
        "'{0}' needs thread-local storage: move it into the instance's state",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "ILC keeps thread statics in objects that it reaches by __tls_get_addr.",
        "docs/rules/ATL0605.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    /// <summary>Says whether the field, or the field behind the property, is thread-static.</summary>
    internal static bool IsThreadStatic(ISymbol member) =>
        member.HasAttribute("System.ThreadStaticAttribute")
        || member is IPropertySymbol && member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field =>
            SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member) && IsThreadStatic(field));

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(
            static inner =>
            {
                if (IsThreadStatic(inner.Symbol) && !inner.Symbol.IsImplicitlyDeclared)
                {
                    inner.ReportDiagnostic(
                        Diagnostic.Create(s_rule, inner.Symbol.Place(), inner.Symbol.Display()));
                }
            },
            SymbolKind.Field, SymbolKind.Property);
}
