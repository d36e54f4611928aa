using System.Composition;
using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0401: what is only looked at is borrowed and not copied.</summary>
/// <remarks>
/// A local becomes <c>ref readonly</c>, and so does the variable of a <c>foreach</c>, when the place that they name is not
/// used by another name meanwhile, nor changed by code that could have one; a parameter of a private method becomes <c>in</c>. Whoever hands the value on or
/// changes it needs a decision: it has to come out of where it is.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class BorrowFix() : KernelCodeFix("ATL0401", "Borrow it")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        SyntaxNode node = target.Root.FindNode(target.Span, getInnermostNodeForTie: true);
        Document? changed = node switch
        {
            ForEachStatementSyntax loop => FixLoop(target, loop, cancellationToken),
            ExpressionSyntax { Parent: ArgumentSyntax argument } => FixParameter(target, argument, cancellationToken),
            ExpressionSyntax
            {
                Parent: EqualsValueClauseSyntax
                {
                    Parent: VariableDeclaratorSyntax
                    {
                        Parent: VariableDeclarationSyntax
                        {
                            Variables.Count: 1,
                            Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Parent: BlockSyntax } declaration,
                        },
                    },
                },
            } => FixLocal(target, declaration, cancellationToken),
            _ => null,
        };

        // Not every expression has a reference, and not every enumerator gives one.
        return Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static Document? FixLocal(
        FixTarget target, LocalDeclarationStatementSyntax statement, CancellationToken cancellationToken)
    {
        VariableDeclaratorSyntax variable = statement.Declaration.Variables[0];
        ExpressionSyntax source = variable.Initializer!.Value;
        var block = (BlockSyntax)statement.Parent!;
        IEnumerable<StatementSyntax> rest = block.Statements.SkipWhile(other => other != statement).Skip(1);
        if (!OnlyLooksAt(target.Model, variable, block, cancellationToken)
            || Root(target.Model, source) is not { } root || rest.Any(other => Mentions(target.Model, other, root))
            || !QuietCode.IsOwn(root) && !rest.All(other => QuietCode.IsQuiet(target.Model, other, cancellationToken)))
        {
            return null;
        }

        VariableDeclaratorSyntax borrowed = variable.WithInitializer(
            variable.Initializer.WithValue(SyntaxFactory.ParseExpression($"ref {source.WithoutTrivia()}").WithTriviaFrom(source)));
        return target.Replace(
            statement.Declaration,
            statement.Declaration.WithType(ByReference(statement.Declaration.Type)).WithVariables([borrowed]));
    }

    private static Document? FixLoop(FixTarget target, ForEachStatementSyntax loop, CancellationToken cancellationToken) =>
        loop.Identifier.Span == target.Span && OnlyLooksAt(target.Model, loop, loop, cancellationToken)
        && Root(target.Model, loop.Expression) is { } root && !Mentions(target.Model, loop.Statement, root)
        && (QuietCode.IsOwn(root) && !IsView(root) || QuietCode.IsQuiet(target.Model, loop.Statement, cancellationToken))
            ? target.Replace(loop.Type, ByReference(loop.Type))
            : null;

    private static Document? FixParameter(FixTarget target, ArgumentSyntax argument, CancellationToken cancellationToken)
    {
        if (target.Model.GetOperation(argument, cancellationToken) is not IArgumentOperation
                { Parameter: { RefKind: RefKind.None, ContainingSymbol: IMethodSymbol method } given }
            || Owned.IsMint(method, given.Type)
            || given.OriginalDefinition is not { DeclaringSyntaxReferences: { Length: 1 } sources } parameter
            || sources[0].GetSyntax(cancellationToken) is not ParameterSyntax { Parent.Parent: { } function } syntax
            || syntax.SyntaxTree != target.Model.SyntaxTree
            || !OnlyLooksAt(target.Model, syntax, function, cancellationToken)
            || !PassByInFix.CanChange(target.Model, syntax, (IMethodSymbol)parameter.ContainingSymbol)
            || !QuietCode.KeepsArgument(target.Model, (IMethodSymbol)parameter.ContainingSymbol, parameter, cancellationToken))
        {
            return null;
        }

        return target.Replace(syntax, PassByInFix.WithIn(syntax));
    }

    private static bool OnlyLooksAt(
        SemanticModel model, SyntaxNode variable, SyntaxNode scope, CancellationToken cancellationToken) =>
        model.GetDeclaredSymbol(variable, cancellationToken) is { } symbol
        && MemberUses.FindAll(model, symbol, cancellationToken) is { } uses
        && uses.All(use => Borrows.OnlyLooks(model, use) && !Borrows.IsCaptured(use, scope));

    // What a span shows has other names.
    private static bool IsView(ISymbol variable) =>
        (variable is ILocalSymbol local ? local.Type : (variable as IParameterSymbol)?.Type)
            is not { IsRefLikeType: false, IsReferenceType: false };

    // The variable that the place belongs to.
    private static ISymbol? Root(SemanticModel model, ExpressionSyntax place) =>
        place switch
        {
            MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access =>
                Root(model, access.Expression),
            ElementAccessExpressionSyntax access => Root(model, access.Expression),
            IdentifierNameSyntax name => model.GetSymbolInfo(name).Symbol is var symbol
                && symbol is ILocalSymbol or IParameterSymbol ? symbol : null,
            _ => null,
        };

    private static bool Mentions(SemanticModel model, SyntaxNode scope, ISymbol variable) =>
        scope.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Name
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, variable));

    private static TypeSyntax ByReference(TypeSyntax type) =>
        SyntaxFactory.ParseTypeName($"ref readonly {type.WithoutTrivia()}").WithTriviaFrom(type);
}
