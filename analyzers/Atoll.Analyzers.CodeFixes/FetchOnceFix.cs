using System.Composition;
using Atoll.Analyzers.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0507: a field of a message is copied to a local before its first read, and the copy is used.</summary>
/// <remarks>
/// Where the first read comes first in its statement and under no condition, so that it moves past nothing; where no loop
/// is in between, since a loop may wait for the field to change; and where nothing writes the field, moves the pointer or gets it
/// between the reads.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FetchOnceFix() : KernelCodeFix("ATL0507", "Copy the field to a local first")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<MemberAccessExpressionSyntax>() is not { } repeated || repeated.Span != target.Span
            || Function(repeated) is not { } function
            || Field(target.Model, repeated) is not { } read || !IsNumber(read.Field.Type)
            || FetchFlow.Pointer(read) is not { } pointer || IsMoved(target.Model, function, pointer))
        {
            return null;
        }

        List<MemberAccessExpressionSyntax> reads =
        [
            .. function.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access =>
                Field(target.Model, access) is { } other
                && SymbolEqualityComparer.Default.Equals(other.Field, read.Field)
                && SymbolEqualityComparer.Default.Equals(FetchFlow.Pointer(other), pointer)),
        ];
        if (reads.Any(access => Function(access) != function || MemberUses.MayWrite(access))
            || IsHandedOn(target.Model, function, pointer, reads) || Place(reads) is not { } place || !EvaluationOrder.ComesFirst(reads[0], place) || Name(function, read.Field) is not { } name)
        {
            return null;
        }

        string type = read.Field.Type.ToMinimalDisplayString(target.Model, place.SpanStart);
        StatementSyntax fetch = SyntaxFactory.ParseStatement($"{type} {name} = {reads[0].WithoutTrivia()};\n")
            .WithLeadingTrivia(place.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        SyntaxNode block = place.Parent!;
        SyntaxNode changed = block.TrackNodes([place, .. reads]);
        changed = changed.ReplaceNodes(
            reads.Select(access => changed.GetCurrentNode(access)!),
            (access, _) => SyntaxFactory.IdentifierName(name).WithTriviaFrom(access));
        StatementSyntax statement = changed.GetCurrentNode(place)!;
        changed = changed.ReplaceNode(statement, [fetch, statement.WithLeadingTrivia(Indent(place))]);
        return Outcome.IfCompiles(target, target.Replace(block, changed), cancellationToken);
    }

    private static IFieldReferenceOperation? Field(SemanticModel model, ExpressionSyntax access) =>
        model.GetOperation(access) as IFieldReferenceOperation;

    private static SyntaxNode? Function(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(static outer => outer is BaseMethodDeclarationSyntax
            or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax);

    private static bool IsNumber(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum
        || type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static bool IsMoved(SemanticModel model, SyntaxNode function, ISymbol pointer) =>
        function.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == pointer.Name
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, pointer)
            && MemberUses.MayWrite(name));

    // Whoever gets the pointer may write the message, and the later reads are there to see that.
    private static bool IsHandedOn(
        SemanticModel model, SyntaxNode function, ISymbol pointer, List<MemberAccessExpressionSyntax> reads) =>
        function.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
            name.Identifier.ValueText == pointer.Name
            && name.SpanStart > reads[0].SpanStart && name.SpanStart < reads[reads.Count - 1].SpanStart
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, pointer)
            && !IsOfField(name));

    // 'p' of 'p->Field' and of '(*p).Field', but not of '&p->Field' or 'ref p->Field'.
    private static bool IsOfField(ExpressionSyntax pointer) =>
        pointer.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == pointer && !MemberUses.MayWrite(access),
            ParenthesizedExpressionSyntax inner => IsOfField(inner),
            PrefixUnaryExpressionSyntax dereference =>
                dereference.IsKind(SyntaxKind.PointerIndirectionExpression) && IsOfField(dereference),
            _ => false,
        };

    // The statement that the copy goes in front of: of a block that has all reads, with no loop on the way to one.
    private static StatementSyntax? Place(List<MemberAccessExpressionSyntax> reads) =>
        reads[0].Ancestors().OfType<StatementSyntax>().FirstOrDefault(static statement => statement is not BlockSyntax) is
            { Parent: BlockSyntax block } statement
        && reads.All(access => access.Ancestors().Contains(block) && !access.Ancestors().TakeWhile(node => node != block)
            .Any(static node => node is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax
                or CommonForEachStatementSyntax or LabeledStatementSyntax))
            ? statement
            : null;

    private static string? Name(SyntaxNode function, IFieldSymbol field)
    {
        string name = char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);
        var taken = new HashSet<string>(function.DescendantTokens().Select(static token => token.ValueText));
        return new[] { name, $"fetched{field.Name}" }.FirstOrDefault(candidate =>
            !taken.Contains(candidate) && SyntaxFacts.GetKeywordKind(candidate) == SyntaxKind.None);
    }

    // Comments stay above what was there first.
    private static IEnumerable<SyntaxTrivia> Indent(StatementSyntax statement) =>
        statement.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
}
