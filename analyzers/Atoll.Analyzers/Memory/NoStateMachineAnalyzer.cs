using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0005: no async function and no iterator; csc turns both into an object that outlives the call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoStateMachineAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0005",
        "No state machine",
        "'{0}' makes the compiler build a state machine object: write the states as a struct",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Async methods and iterators keep their locals in an object.",
        "docs/rules/ATL0005.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSyntaxNodeAction(
            static inner => InspectModifiers(inner, Modifiers(inner.Node)),
            SyntaxKind.MethodDeclaration,
            SyntaxKind.LocalFunctionStatement,
            SyntaxKind.SimpleLambdaExpression,
            SyntaxKind.ParenthesizedLambdaExpression,
            SyntaxKind.AnonymousMethodExpression);
        context.RegisterSyntaxNodeAction(
            static inner => Report(inner, ((YieldStatementSyntax)inner.Node).YieldKeyword),
            SyntaxKind.YieldReturnStatement,
            SyntaxKind.YieldBreakStatement);
        context.RegisterSyntaxNodeAction(InspectTopLevelAwait, SyntaxKind.AwaitExpression);
    }

    private static SyntaxTokenList Modifiers(SyntaxNode node) =>
        node switch
        {
            MethodDeclarationSyntax method => method.Modifiers,
            LocalFunctionStatementSyntax local => local.Modifiers,
            AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers,
            _ => default,
        };

    private static void InspectModifiers(SyntaxNodeAnalysisContext context, SyntaxTokenList modifiers)
    {
        foreach (SyntaxToken modifier in modifiers)
        {
            if (modifier.IsKind(SyntaxKind.AsyncKeyword))
            {
                Report(context, modifier);
            }
        }
    }

    // Elsewhere the function around it says async; the entry point of top-level statements says nothing.
    private static void InspectTopLevelAwait(SyntaxNodeAnalysisContext context)
    {
        bool isInFunction = context.Node.Ancestors().Any(static node =>
            node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax
                and not GlobalStatementSyntax);
        if (!isInFunction)
        {
            Report(context, ((AwaitExpressionSyntax)context.Node).AwaitKeyword);
        }
    }

    private static void Report(SyntaxNodeAnalysisContext context, SyntaxToken keyword) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, keyword.GetLocation(), keyword.ValueText));
}
