using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0403: an owned value is not used after it was handed on, on any path.</summary>
/// <remarks>
/// Assigning the variable anew makes it usable again. Moves in a loop are seen: the second round finds the variable
/// empty.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoUseAfterMoveAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0403",
        "Use after move",
        "'{0}' may have been moved on a path that comes here",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Whoever got it owns it; what is left behind is a copy.",
        "docs/rules/ATL0403.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationBlockAction(InspectFunctions);
        context.RegisterSymbolStartAction(InspectInitializers, SymbolKind.NamedType);
    }

    private static void InspectFunctions(OperationBlockAnalysisContext context)
    {
        if (KernelProfile.IsTrusted(context.OwningSymbol))
        {
            return;
        }

        foreach ((IOperation place, ISymbol variable) in OwnershipFlow.Of(context)
            .SelectMany(static flow => flow.UsedAfterMove))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), variable.Name));
        }
    }

    // Each initialiser is a function of its own, but they share the parameters of a primary constructor, and run in the
    // order in which they are written.
    private static void InspectInitializers(SymbolStartAnalysisContext context)
    {
        if (KernelProfile.IsTrusted(context.Symbol))
        {
            return;
        }

        var uses = new ConcurrentBag<IParameterReferenceOperation>();
        context.RegisterOperationAction(
            inner =>
            {
                var reference = (IParameterReferenceOperation)inner.Operation;
                if (inner.ContainingSymbol is IFieldSymbol or IPropertySymbol && Owned.IsOwned(reference.Type)
                    && reference.Parameter is { RefKind: RefKind.None, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } })
                {
                    uses.Add(reference);
                }
            },
            OperationKind.ParameterReference);
        context.RegisterSymbolEndAction(inner =>
        {
            var moved = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
            var member = default(SyntaxNode);
            foreach (IParameterReferenceOperation use in uses.OrderBy(static use => use.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal)
                .ThenBy(static use => use.Syntax.SpanStart))
            {
                // Within one initialiser the flow has found it.
                SyntaxNode initializer = use.Syntax.Ancestors().TakeWhile(static outer => outer is not MemberDeclarationSyntax)
                    .OfType<EqualsValueClauseSyntax>().Last();
                if (moved.Contains(use.Parameter) && initializer != member)
                {
                    inner.ReportDiagnostic(Diagnostic.Create(s_rule, use.Syntax.GetLocation(), use.Parameter.Name));
                }

                if (OwnedUse.Of(use) == Use.Move && moved.Add(use.Parameter))
                {
                    member = initializer;
                }
            }
        });
    }
}
