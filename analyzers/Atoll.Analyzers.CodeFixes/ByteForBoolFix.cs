using System.Composition;
using Atoll.Analyzers.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0501: a bool of a message becomes a byte, of which every value but zero means true.</summary>
/// <remarks>
/// For fields that no other assembly sees, with all uses in every file of the project: a read asks whether the byte is not
/// zero, a statement that writes stores one or zero. Any other use is left to a human, and so is the field then.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ByteForBoolFix() : SolutionCodeFix("ATL0501", "Use a byte")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<VariableDeclaratorSyntax>() is not
                {
                    Initializer: null,
                    Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax } declaration,
                } variable
            || target.Model.GetDeclaredSymbol(variable, cancellationToken) is not IFieldSymbol
                { Type.SpecialType: SpecialType.System_Boolean, IsStatic: false } field
            || !MessageLayout.IsMessage(field.ContainingType) || IsSeenOutside(field))
        {
            return null;
        }

        List<ExpressionSyntax> uses = [.. Uses(target.Model.Compilation, field, cancellationToken).Select(Edited)];
        return uses.All(IsEditable)
            ? target.ReplaceAnywhere([declaration.Type, .. uses], static (before, after) => Edit(before, after))
            : null;
    }

    private static bool IsSeenOutside(ISymbol field)
    {
        for (ISymbol? scope = field; scope is not null and not INamespaceSymbol; scope = scope.ContainingSymbol)
        {
            bool isInternal = scope.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal;
            if (scope.DeclaredAccessibility == Accessibility.Private || isInternal && !HasFriends(field.ContainingAssembly))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasFriends(IAssemblySymbol assembly) =>
        assembly.HasAttribute("System.Runtime.CompilerServices.InternalsVisibleToAttribute");

    private static IEnumerable<SimpleNameSyntax> Uses(
        Compilation compilation, IFieldSymbol field, CancellationToken cancellationToken)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel? model = null;
            foreach (IdentifierNameSyntax name in tree.GetRoot(cancellationToken).DescendantNodes()
                .OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == field.Name))
            {
                model ??= compilation.GetSemanticModel(tree);
                if (SymbolEqualityComparer.Default.Equals(
                    model.GetSymbolInfo(name, cancellationToken).Symbol?.OriginalDefinition, field))
                {
                    yield return name;
                }
            }
        }
    }

    // The access as a whole, or the assignment to it.
    private static ExpressionSyntax Edited(SimpleNameSyntax name)
    {
        ExpressionSyntax use = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use ? assignment : use;
    }

    private static bool IsEditable(ExpressionSyntax use) =>
        use is AssignmentExpressionSyntax assignment
            ? assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
                && IsStatement(assignment.Parent)
            : !MemberUses.MayWrite(use) && use.Parent is not (NameColonSyntax or ExpressionColonSyntax or CrefSyntax)
                && !use.Ancestors().Any(static node => node is InvocationExpressionSyntax
                    { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } });

    // Nobody takes the bool on.
    private static bool IsStatement(SyntaxNode? place) =>
        place is ExpressionStatementSyntax or InitializerExpressionSyntax
            or ArrowExpressionClauseSyntax { Parent: ConstructorDeclarationSyntax }
            or ArrowExpressionClauseSyntax
            {
                Parent: MethodDeclarationSyntax
                {
                    ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword },
                },
            };

    private static SyntaxNode Edit(SyntaxNode before, SyntaxNode after)
    {
        SyntaxNode edited = (before, after) switch
        {
            (TypeSyntax { Parent: VariableDeclarationSyntax }, _) =>
                SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.ByteKeyword)),
            (_, AssignmentExpressionSyntax assignment) => assignment.WithRight(Number(assignment.Right)),
            _ => SyntaxFactory.ParseExpression($"({after.WithoutTrivia()} != 0)"),
        };
        return edited.WithTriviaFrom(after);
    }

    private static ExpressionSyntax Number(ExpressionSyntax value) =>
        SyntaxFactory.ParseExpression(value.Kind() switch
        {
            SyntaxKind.TrueLiteralExpression => "1",
            SyntaxKind.FalseLiteralExpression => "0",
            SyntaxKind.IdentifierName or SyntaxKind.SimpleMemberAccessExpression or SyntaxKind.InvocationExpression
                or SyntaxKind.ParenthesizedExpression => $"{value.WithoutTrivia()} ? (byte)1 : (byte)0",
            _ => $"({value.WithoutTrivia()}) ? (byte)1 : (byte)0",
        }).WithTriviaFrom(value);
}
