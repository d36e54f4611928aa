using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Trust;

/// <summary>ATL1004: an assembly uses what the layer map allows it, and stands in the map itself.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LayersKeptAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL1004",
        "Layer violation",
        "{0}",
        "Atoll.Trust",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What knows nothing of the layers above it can be proved, tested and replaced without them.",
        "docs/rules/ATL1004.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        string assembly = context.Compilation.AssemblyName ?? "";
        if (LayerMap.Of(context.Options, context.CancellationToken) is not { } map)
        {
            return;
        }

        if (!map.Knows(assembly))
        {
            string message = $"'{assembly}' is in no layer: add a line to {LayerMap.FileName} that says what it may use";
            context.RegisterSyntaxTreeAction(inner =>
            {
                if (inner.Tree == context.Compilation.SyntaxTrees.First())
                {
                    inner.ReportDiagnostic(Diagnostic.Create(s_rule, inner.Tree.GetLocation(default), message));
                }
            });
            return;
        }

        // Most compilations cannot reach anything that they must not use.
        ImmutableHashSet<ISymbol?> forbidden = context.Compilation.References
            .Select(context.Compilation.GetAssemblyOrModuleSymbol)
            .Where(reference => reference is IAssemblySymbol && !map.MayUse(assembly, reference.Name))
            .ToImmutableHashSet(SymbolEqualityComparer.Default);
        if (!forbidden.IsEmpty)
        {
            context.RegisterSyntaxNodeAction(
                inner => Inspect(inner, assembly, forbidden), SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        }
    }

    private static void Inspect(SyntaxNodeAnalysisContext context, string assembly, ImmutableHashSet<ISymbol?> forbidden)
    {
        var name = (SimpleNameSyntax)context.Node;
        if (Owner(context, name) is { } owner && forbidden.Contains(owner) && !IsMemberOfReported(context, name, forbidden))
        {
            SyntaxToken used = name.Identifier;
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                used.GetLocation(),
                $"'{assembly}' may not use '{owner.Name}', which '{used.ValueText}' is in ({LayerMap.FileName})"));
        }
    }

    private static IAssemblySymbol? Owner(SyntaxNodeAnalysisContext context, ExpressionSyntax name) =>
        context.SemanticModel.GetSymbolInfo(name, context.CancellationToken).Symbol is { } symbol and not INamespaceSymbol
            ? (symbol as ILocalSymbol)?.Type.ContainingAssembly ?? symbol.ContainingAssembly
            : null;

    // 'Forbidden.Member' is one use.
    private static bool IsMemberOfReported(
        SyntaxNodeAnalysisContext context, SimpleNameSyntax name, ImmutableHashSet<ISymbol?> forbidden) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => forbidden.Contains(Owner(context, access.Expression)),
            QualifiedNameSyntax qualified when qualified.Right == name => forbidden.Contains(Owner(context, qualified.Left)),
            _ => false,
        };
}
