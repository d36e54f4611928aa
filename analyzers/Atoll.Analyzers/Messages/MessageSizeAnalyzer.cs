using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0502: a message is a whole number of cache lines.</summary>
/// <remarks>
/// A line is what moves between two cores. 64 bytes on every x86-64 so far.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageSizeAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0502",
        "Wrong message size",
        "'{0}' is {1} bytes: a message is one cache line of 64, or a whole number of them",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Half a line would be written and read together with what comes after it.",
        "docs/rules/ATL0502.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private const int LineBytes = 64;

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(
            static inner =>
            {
                var type = (INamedTypeSymbol)inner.Symbol;
                int size = MessageLayout.IsMessage(type) ? MessageLayout.SizeOf(type) : LineBytes;
                if (size == 0 || size % LineBytes != 0)
                {
                    inner.ReportDiagnostic(Diagnostic.Create(s_rule, type.Place(), type.Display(), size));
                }
            },
            SymbolKind.NamedType);
}
