using System.Composition;
using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0404: a value that is only borrowed gets its end: <c>using</c>, or the call at the end of its block.</summary>
/// <remarks>
/// Where the type has one way to end and no other, nothing hands the value on, and the block is left at its end only.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class EndValueFix() : KernelCodeFix("ATL0404", "End the value here")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        SyntaxNode node = target.Root.FindNode(target.Span, getInnermostNodeForTie: true);
        Document? changed = node switch
        {
            VariableDeclaratorSyntax
            {
                Parent: VariableDeclarationSyntax
                {
                    Variables.Count: 1,
                    Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Parent: BlockSyntax block } declaration,
                },
            } variable => FixVariable(target, variable, block, declaration, cancellationToken),
            ParameterSyntax { Parent.Parent: BaseMethodDeclarationSyntax { Body: { } body } } parameter =>
                FixVariable(target, parameter, body, declaration: null, cancellationToken),
            ExpressionSyntax dropped when dropped.Span == target.Span => FixDropped(target, dropped, cancellationToken),
            _ => null,
        };
        return Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static Document? FixVariable(
        FixTarget target,
        SyntaxNode variable,
        BlockSyntax block,
        LocalDeclarationStatementSyntax? declaration,
        CancellationToken cancellationToken)
    {
        if (target.Model.GetDeclaredSymbol(variable, cancellationToken) is not { } symbol
            || TypeOf(symbol) is not { } type || OnlyEnd(target.Model, variable, type) is not { } end
            || MemberUses.FindAll(target.Model, symbol, cancellationToken) is not { } uses
            || !uses.All(use => target.Model.GetOperation(use, cancellationToken) is { } operation
                && OwnedUse.Of(operation) == Use.Borrow && !Borrows.IsCaptured(use, block)))
        {
            return null;
        }

        // 'using' makes the variable read-only, and a call that may change it would act on a copy.
        if (declaration is not null && end is { Name: "Dispose", IsStatic: false } && type.IsRefLikeType
            && uses.All(use => Borrows.OnlyLooks(target.Model, use)))
        {
            SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword)
                .WithLeadingTrivia(declaration.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
            return target.Replace(declaration, declaration.WithoutLeadingTrivia().WithUsingKeyword(keyword));
        }

        StatementSyntax call = SyntaxFactory.ParseStatement($"{Call(end, symbol.Name)};\n")
            .WithAdditionalAnnotations(Formatter.Annotation);
        int first = declaration is null ? 0 : block.Statements.IndexOf(declaration) + 1;
        return EndOf(target.Model, block, first) is { } place
            ? target.Replace(block, block.WithStatements(block.Statements.Insert(place, call)))
            : null;
    }

    private static Document? FixDropped(FixTarget target, ExpressionSyntax dropped, CancellationToken cancellationToken)
    {
        ExpressionStatementSyntax? statement = dropped.Parent switch
        {
            ExpressionStatementSyntax alone => alone,
            AssignmentExpressionSyntax
            {
                Left: IdentifierNameSyntax { Identifier.ValueText: "_" },
                Parent: ExpressionStatementSyntax discard,
            } => discard,
            _ => null,
        };
        return statement is not null && dropped is InvocationExpressionSyntax
            && target.Model.GetTypeInfo(dropped, cancellationToken).Type is { } type
            && OnlyEnd(target.Model, dropped, type) is { } end
                ? target.Replace(
                    statement.Expression,
                    SyntaxFactory.ParseExpression(Call(end, dropped.WithoutTrivia().ToString()))
                        .WithTriviaFrom(statement.Expression))
                : null;
    }

    private static string Call(IMethodSymbol end, string value) =>
        end.IsStatic ? $"{end.ContainingType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}.{end.Name}({value})"
            : $"{value}.{end.Name}()";

    // The one member that takes the value over, if the call is all there is to it.
    private static IMethodSymbol? OnlyEnd(SemanticModel model, SyntaxNode place, ITypeSymbol type)
    {
        List<IMethodSymbol> ends =
        [
            .. type.GetMembers().OfType<IMethodSymbol>().Where(method => Owned.EndsReceiver(method)
                || method is { IsStatic: true, MethodKind: MethodKind.Ordinary } && method.Parameters.Any(parameter =>
                    parameter.RefKind == RefKind.None && SymbolEqualityComparer.Default.Equals(parameter.Type, type))),
        ];
        return ends.Count == 1 && ends[0] is { ReturnsVoid: true, IsGenericMethod: false } end
            && end.Parameters.Length == (end.IsStatic ? 1 : 0) && model.IsAccessible(place.SpanStart, end)
            ? end
            : null;
    }

    // Where the block's end is, if no statement leaves it before: in front of a 'return' that calls nothing.
    private static int? EndOf(SemanticModel model, BlockSyntax block, int first)
    {
        int end = block.Statements.Count;
        if (end > first && block.Statements[end - 1] is ReturnStatementSyntax last)
        {
            if (last.Expression is not (null or LiteralExpressionSyntax or IdentifierNameSyntax))
            {
                return null;
            }

            end--;
        }

        if (end == first)
        {
            return end;
        }

        ControlFlowAnalysis? flow = model.AnalyzeControlFlow(block.Statements[first], block.Statements[end - 1]);
        return flow is { Succeeded: true, EndPointIsReachable: true, ExitPoints.IsEmpty: true, ReturnStatements.IsEmpty: true }
            ? end
            : null;
    }

    private static ITypeSymbol? TypeOf(ISymbol variable) =>
        variable switch
        {
            ILocalSymbol { RefKind: RefKind.None } local => local.Type,
            IParameterSymbol { RefKind: RefKind.None } parameter => parameter.Type,
            _ => null,
        };
}
