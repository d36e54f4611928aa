using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0102: a loop that only looks gets a PAUSE at the end of each turn. The bound is for a human to choose.</summary>
/// <remarks>Where no <c>continue</c> passes the end by, and where the core's PAUSE can be called.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class InsertPauseFix() : KernelCodeFix("ATL0102", "Pause between two looks")
{
    private static readonly ImmutableArray<string> s_classes =
        ["Atoll.Arch.Cpu", "System.Runtime.Intrinsics.X86.X86Base"];

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (!target.Diagnostic.Properties.ContainsKey("Restless")
            || target.Find<SyntaxNode>()?.AncestorsAndSelf().FirstOrDefault(static node => Body(node) is not null) is not { } loop
            || Body(loop) is not { } body
            || body.DescendantNodesAndSelf().Any(static node => node is ContinueStatementSyntax or GotoStatementSyntax)
            || PauseAt(target, body.SpanStart) is not { } pause)
        {
            return null;
        }

        StatementSyntax statement = SyntaxFactory.ParseStatement($"{pause}.Pause();").WithAdditionalAnnotations(Formatter.Annotation);
        BlockSyntax after = body switch
        {
            BlockSyntax block => block.AddStatements(
                block.Statements.LastOrDefault()?.GetLastToken().IsKind(SyntaxKind.CloseBraceToken) == true
                    ? statement.WithLeadingTrivia(SyntaxFactory.LineFeed)
                    : statement),
            EmptyStatementSyntax => SyntaxFactory.Block(statement),
            _ => SyntaxFactory.Block(body.WithoutTrivia().WithTrailingTrivia(SyntaxFactory.ElasticLineFeed), statement),
        };
        SyntaxNode changed = body is BlockSyntax
            ? loop.ReplaceNode(body, after)
            : loop.ReplaceNode(body, after.WithAdditionalAnnotations(Formatter.Annotation).WithTrailingTrivia(body.GetTrailingTrivia()));
        return target.Replace(loop, changed);
    }

    private static StatementSyntax? Body(SyntaxNode node) =>
        node switch
        {
            WhileStatementSyntax loop => loop.Statement,
            DoStatementSyntax loop => loop.Statement,
            ForStatementSyntax loop => loop.Statement,
            _ => null,
        };

    // In the shortest form that means it at this place.
    private static string? PauseAt(FixTarget target, int position)
    {
        foreach (string name in s_classes)
        {
            if (target.Model.Compilation.GetTypeByMetadataName(name) is { } type
                && type.GetMembers("Pause").OfType<IMethodSymbol>().Any(static method => method is { IsStatic: true, Parameters.IsEmpty: true })
                && target.Model.IsAccessible(position, type))
            {
                return type.ToMinimalDisplayString(target.Model, position);
            }
        }

        return null;
    }
}
