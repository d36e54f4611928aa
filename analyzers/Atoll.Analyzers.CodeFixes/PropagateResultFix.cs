using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0801: a bad answer that nobody looked at is returned to whoever called.</summary>
/// <remarks>In functions that answer the same type, and say themselves which value is good: <see cref="Answer"/>.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PropagateResultFix() : KernelCodeFix("ATL0801", "Return it unless it is good")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        // The change may return before an 'out' parameter has a value.
        return Outcome.IfCompiles(target, Change(target, cancellationToken), cancellationToken);
    }

    private static Document? Change(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<StatementSyntax>() is not { Parent: BlockSyntax or SwitchSectionSyntax } statement)
        {
            return null;
        }

        return statement switch
        {
            ExpressionStatementSyntax dropped => FixDropped(target, dropped, cancellationToken),
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } local => FixLocal(target, local, cancellationToken),
            _ => null,
        };
    }

    private static Document? FixDropped(
        FixTarget target, ExpressionStatementSyntax statement, CancellationToken cancellationToken)
    {
        ExpressionSyntax call = statement.Expression is AssignmentExpressionSyntax
            {
                RawKind: (int)SyntaxKind.SimpleAssignmentExpression,
                Left: IdentifierNameSyntax { Identifier.ValueText: "_" },
            } discard
            ? discard.Right
            : statement.Expression;
        if (statement.Expression.Span != target.Span || call is not InvocationExpressionSyntax invocation
            || Name(invocation) is not { } name || statement.FirstAncestorOrSelf<MemberDeclarationSyntax>()!
                .DescendantTokens().Any(token => token.ValueText == name)
            || Answer.ToReturn(target, statement, target.Model.GetTypeInfo(call, cancellationToken).Type) is not { } answer)
        {
            return null;
        }

        return target.Replace(statement, answer.Return(call, name).WithTriviaFrom(statement)
            .WithAdditionalAnnotations(Formatter.Annotation));
    }

    // A variable of a condition is known in the whole block. Counting the calls of the method tells its failures apart,
    // whichever of them is fixed first.
    private static string? Name(InvocationExpressionSyntax call)
    {
        string? Method(InvocationExpressionSyntax invocation) =>
            invocation.Expression switch
            {
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                SimpleNameSyntax name => name.Identifier.ValueText,
                _ => null,
            };

        if (Method(call) is not { } method)
        {
            return null;
        }

        int earlier = call.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Count(other => other.SpanStart < call.SpanStart && Method(other) == method);
        return $"{char.ToLowerInvariant(method[0])}{method.Substring(1)}Failure{(earlier > 0 ? earlier + 1 : "")}";
    }

    private static Document? FixLocal(
        FixTarget target, LocalDeclarationStatementSyntax statement, CancellationToken cancellationToken)
    {
        if (statement.Declaration.Variables.Count != 1
            || statement.Declaration.Variables[0] is not { Initializer: not null } variable
            || variable.Identifier.Span != target.Span
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not ILocalSymbol { RefKind: RefKind.None } local
            || Answer.ToReturn(target, statement, local.Type) is not { } answer)
        {
            return null;
        }

        return target.Replace(
            statement, [statement, answer.Return(local.Name).WithAdditionalAnnotations(Formatter.Annotation)]);
    }
}
