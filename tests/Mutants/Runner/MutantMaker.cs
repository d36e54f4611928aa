using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Atoll.Mutants;

/// <summary>Puts all mutants of a file into it, each behind the switch.</summary>
/// <remarks>
/// An expression becomes <c>Is(7) ? mutant : original</c>, a statement that can be left out <c>if (!Is(7)) statement</c>. The mutant is made of the original text,
/// the rest may hold further mutants: only one is ever on. What must be constant has none, and what runs once for all tests has none.
/// </remarks>
/// <param name="file">File, from the folder of the project.</param>
/// <param name="text">Its text.</param>
/// <param name="spans">Only what lies wholly in one of these; all when empty.</param>
/// <param name="isLeftOut">Mutants that do not compile.</param>
/// <param name="next">Number of the first mutant.</param>
internal sealed class MutantMaker(string file, SourceText text, IReadOnlyList<TextSpan> spans, Func<int, bool> isLeftOut, int next) : CSharpSyntaxRewriter
{
    /// <summary>Kind of the annotation that has a mutant's number.</summary>
    internal const string Mark = "mutant";

    /// <summary>Kind of the annotation of what is a statement left out: it can leave a variable without a value elsewhere.</summary>
    internal const string Omission = "omission";

    private static readonly IdentifierNameSyntax s_discard =
        IdentifierName(Identifier(TriviaList(), SyntaxKind.UnderscoreToken, "_", "_", TriviaList()));

    private readonly List<Mutant> _made = [];
    private int _next = next;

    /// <summary>The mutants that are in the file, in order.</summary>
    internal IReadOnlyList<Mutant> Made => _made;

    /// <summary>Number of the next mutant.</summary>
    internal int Next => _next;

    /// <summary>The file with them.</summary>
    internal SyntaxNode? Root { get; private set; }

    /// <summary>Makes them.</summary>
    internal void Run(SyntaxNode root) => Root = Visit(root);

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || IsFixed(node))
        {
            return node;
        }

        SyntaxNode? visited = base.Visit(node);
        return (node, visited) switch
        {
            (ExpressionStatementSyntax original, ExpressionStatementSyntax inner) => Statement(original, inner),
            (ContinueStatementSyntax or BreakStatementSyntax or ReturnStatementSyntax { Expression: null }, StatementSyntax inner) =>
                Omitted((StatementSyntax)node, inner),
            (BlockSyntax original, BlockSyntax inner) when IsOmissible(original) => Emptied(original, inner),
            (ExpressionSyntax original, ExpressionSyntax inner) when original.Parent is not ExpressionStatementSyntax => Expression(original, inner),
            _ => visited,
        };
    }

    private static bool IsFixed(SyntaxNode node) => node switch
    {
        AttributeListSyntax or EnumMemberDeclarationSyntax or PatternSyntax or SwitchLabelSyntax or TypeSyntax and not NameSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword) || field.Modifiers.Any(SyntaxKind.StaticKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        EqualsValueClauseSyntax { Parent: ParameterSyntax } => true,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => property.Modifiers.Any(SyntaxKind.StaticKeyword),
        ConstructorDeclarationSyntax constructor => constructor.Modifiers.Any(SyntaxKind.StaticKeyword),

        // Behind a loop that never ends, nothing follows.
        LiteralExpressionSyntax { Parent: WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax } => true,
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } => true,
        _ => false,
    };

    // Bodies of what returns nothing, and of branches and loops.
    private static bool IsOmissible(BlockSyntax block) => block.Statements.Count > 0 && block.Parent switch
    {
        MethodDeclarationSyntax method => method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword },
        IfStatementSyntax or ElseClauseSyntax or WhileStatementSyntax or ForStatementSyntax or ForEachStatementSyntax => true,
        _ => false,
    };

    private ExpressionSyntax Expression(ExpressionSyntax original, ExpressionSyntax inner)
    {
        ExpressionSyntax result = inner.WithoutTrivia();
        bool isAny = false;
        foreach (ExpressionSyntax alternative in HasNames(original) ? [] : Alternatives.Of(original))
        {
            if (TryMake(original, Text(alternative.NormalizeWhitespace()), out int id))
            {
                result = ParenthesizedExpression(ConditionalExpression(Is(id), ParenthesizedExpression(alternative), ParenthesizedExpression(result)))
                    .WithAdditionalAnnotations(new SyntaxAnnotation(Mark, $"{id}"));
                isAny = true;
            }
        }

        // Only an assignment, call or step is a statement: a for loop's step becomes one.
        bool isStep = isAny && original.Parent is ForStatementSyntax loop && loop.Incrementors.Contains(original);
        result = isStep ? AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, s_discard, result) : result;
        return isAny ? result.WithTriviaFrom(inner) : inner;
    }

    private StatementSyntax Statement(ExpressionStatementSyntax original, ExpressionStatementSyntax inner)
    {
        StatementSyntax result = inner;
        foreach (ExpressionSyntax alternative in HasNames(original) ? [] : Alternatives.Of(original.Expression))
        {
            if (TryMake(original, Text(alternative.NormalizeWhitespace()) + ";", out int id))
            {
                result = IfStatement(Is(id), Block(ExpressionStatement(alternative)), ElseClause(Block(result)))
                    .NormalizeWhitespace().WithAdditionalAnnotations(new SyntaxAnnotation(Mark, $"{id}"));
            }
        }

        return Omitted(original, result);
    }

    private StatementSyntax Omitted(StatementSyntax original, StatementSyntax inner) =>
        !HasNames(original) && TryMake(original, ";", out int id)
            ? IfStatement(Isnt(id), Block(inner)).WithAdditionalAnnotations(new SyntaxAnnotation(Mark, $"{id}"), new SyntaxAnnotation(Omission, $"{id}"))
            : inner;

    private BlockSyntax Emptied(BlockSyntax original, BlockSyntax inner) =>
        TryMake(original, "{}", out int id)
            ? Block(IfStatement(Isnt(id), inner)).WithAdditionalAnnotations(new SyntaxAnnotation(Mark, $"{id}"), new SyntaxAnnotation(Omission, $"{id}"))
            : inner;

    private bool TryMake(SyntaxNode original, string replacement, out int id)
    {
        id = -1;
        if (spans.Count > 0 && !spans.Any(span => span.Contains(original.Span)))
        {
            return false;
        }

        id = _next++;
        if (isLeftOut(id))
        {
            return false;
        }

        string code = text.Lines.GetLineFromPosition(original.SpanStart).ToString().Trim();
        _made.Add(new Mutant(id, file, code, original is BlockSyntax ? "{" : Text(original), replacement));
        return true;
    }

    // What declares a name cannot be there twice.
    private static bool HasNames(SyntaxNode node) => node.DescendantNodesAndSelf().Any(inner => inner is SingleVariableDesignationSyntax);

    private static string Text(SyntaxNode node) => string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static ExpressionSyntax Is(int id) => ParseExpression($"global::{SwitchSource.TypeName}.Is({id})");

    private static ExpressionSyntax Isnt(int id) => ParseExpression($"!global::{SwitchSource.TypeName}.Is({id})");
}
