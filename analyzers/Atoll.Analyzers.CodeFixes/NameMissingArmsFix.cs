using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0803: the members that no arm names get arms that do what happened to them so far.</summary>
/// <remarks>
/// So the program stays as it is, and the reader sees which members shared the default. A switch expression without
/// <c>_</c> is left alone: what it does for the others nobody has said.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class NameMissingArmsFix() : KernelCodeFix("ATL0803", "Name the missing members")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        // Parentheses around the value are the statement's own.
        SyntaxNode? choice = target.Find<ExpressionSyntax>()?.AncestorsAndSelf()
            .FirstOrDefault(node => node is SwitchExpressionSyntax one && one.GoverningExpression.Span == target.Span
                || node is SwitchStatementSyntax other && other.Expression.Span == target.Span);
        Document? changed = choice switch
        {
            SwitchExpressionSyntax expression => FixExpression(target, expression),
            SwitchStatementSyntax statement => FixStatement(target, statement),
            _ => null,
        };

        // A pattern that is no list of names (a range, 'not') may cover a member already.
        return Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static Document? FixExpression(FixTarget target, SwitchExpressionSyntax choice)
    {
        if (choice.Arms.LastOrDefault() is not { Pattern: DiscardPatternSyntax, WhenClause: null } rest
            || rest.Expression.DescendantNodesAndSelf().OfType<SwitchExpressionSyntax>().Any())
        {
            return null;
        }

        IEnumerable<ExpressionSyntax> named = choice.Arms.Where(static arm => arm.WhenClause is null)
            .SelectMany(static arm => Alternatives(arm.Pattern));
        if (Missing(target, choice.GoverningExpression, named) is not { Count: > 0 } missing)
        {
            return null;
        }

        PatternSyntax pattern = ((SwitchExpressionSyntax)SyntaxFactory.ParseExpression(
            $"0 switch {{ {string.Join(" or ", missing)} => 0 }}")).Arms[0].Pattern;
        SwitchExpressionArmSyntax arm = rest.WithPattern(pattern.WithLeadingTrivia(rest.GetLeadingTrivia())
            .WithTrailingTrivia(rest.Pattern.GetTrailingTrivia())).WithExpression(rest.Expression.WithoutTrailingTrivia());
        return target.Replace(choice, choice.WithArms(Insert(choice.Arms, arm)));
    }

    // In front of the last arm, below the comments on it.
    private static SeparatedSyntaxList<SwitchExpressionArmSyntax> Insert(
        SeparatedSyntaxList<SwitchExpressionArmSyntax> arms, SwitchExpressionArmSyntax arm)
    {
        SwitchExpressionArmSyntax rest = arms.Last();
        SyntaxTriviaList between =
            arms.SeparatorCount > 0 ? arms.GetSeparator(0).TrailingTrivia : rest.GetTrailingTrivia();
        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(between.Where(IsSpace));
        SyntaxNodeOrTokenList list = arms.GetWithSeparators();
        int last = list.IndexOf(rest);
        SwitchExpressionArmSyntax next = rest.WithLeadingTrivia(
            rest.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        return SyntaxFactory.SeparatedList<SwitchExpressionArmSyntax>(
            list.Replace(rest, next).InsertRange(last, [arm, comma]));
    }

    private static bool IsSpace(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    private static Document? FixStatement(FixTarget target, SwitchStatementSyntax choice)
    {
        IEnumerable<ExpressionSyntax> named = choice.Sections.SelectMany(static section => section.Labels)
            .SelectMany(static label => label switch
            {
                CasePatternSwitchLabelSyntax { WhenClause: null } pattern => Alternatives(pattern.Pattern),
                CaseSwitchLabelSyntax constant => [constant.Value],
                _ => [],
            });
        if (Missing(target, choice.Expression, named) is not { Count: > 0 } missing)
        {
            return null;
        }

        int rest = choice.Sections.IndexOf(static section =>
            section.Labels.Any(static label => label is DefaultSwitchLabelSyntax));
        bool hasConditions = choice.Sections.SelectMany(static section => section.Labels)
            .Any(static label => label is CasePatternSwitchLabelSyntax { WhenClause: not null });
        if (rest >= 0 && rest != choice.Sections.Count - 1 && hasConditions)
        {
            // 'default' waits for all others wherever it stands; a case would come too early there.
            return null;
        }

        string labels = string.Concat(missing.Select(static member => $"case {member}:\n"));
        return rest >= 0
            ? target.Replace(choice.Sections[rest], WithLabels(choice.Sections[rest], labels))
            : target.Replace(choice, choice.AddSections(
                Section(labels + "break;").WithAdditionalAnnotations(Formatter.Annotation)));
    }

    private static SwitchSectionSyntax WithLabels(SwitchSectionSyntax rest, string labels)
    {
        IEnumerable<SwitchLabelSyntax> added = Section(labels + "break;").Labels;
        return rest
            .WithLabels([
                .. added.Select((label, i) => i == 0 ? label.WithLeadingTrivia(rest.GetLeadingTrivia()) : label)
                    .Select(static label => label.WithAdditionalAnnotations(Formatter.Annotation)),
                rest.Labels[0].WithoutLeadingTrivia().WithAdditionalAnnotations(Formatter.Annotation),
                .. rest.Labels.Skip(1),
            ]);
    }

    private static SwitchSectionSyntax Section(string text) =>
        ((SwitchStatementSyntax)SyntaxFactory.ParseStatement($"switch (0)\n{{\n{text}\n}}")).Sections[0];

    private static IReadOnlyList<string>? Missing(
        FixTarget target, ExpressionSyntax value, IEnumerable<ExpressionSyntax> named)
    {
        ITypeSymbol? type = target.Model.GetTypeInfo(value).Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        if (type is not { TypeKind: TypeKind.Enum })
        {
            return null;
        }

        string name = type.ToMinimalDisplayString(target.Model, value.SpanStart);
        var seen = new HashSet<object?>(named.Select(constant => target.Model.GetConstantValue(constant).Value));
        return
        [
            .. type.GetMembers().OfType<IFieldSymbol>()
                .Where(member => member.HasConstantValue && seen.Add(member.ConstantValue))
                .Select(member => $"{name}.{member.Name}"),
        ];
    }

    private static IEnumerable<ExpressionSyntax> Alternatives(PatternSyntax pattern) =>
        pattern switch
        {
            ParenthesizedPatternSyntax parenthesized => Alternatives(parenthesized.Pattern),
            BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either =>
                Alternatives(either.Left).Concat(Alternatives(either.Right)),
            ConstantPatternSyntax constant => [constant.Expression],
            _ => [],
        };
}
