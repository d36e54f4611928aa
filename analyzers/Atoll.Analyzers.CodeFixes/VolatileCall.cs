using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>A plain load or store, written again as a call of <c>Volatile</c>.</summary>
internal static class VolatileCall
{
    private const string Class = "System.Threading.Volatile";

    /// <summary>The reported place, when all that happens to it is that its value is used.</summary>
    public static ExpressionSyntax? ReadPlace(FixTarget target) =>
        target.Find<ExpressionSyntax>() is { } place && place.Span == target.Span && !IsChanged(place) ? place : null;

    /// <summary>The statement that does nothing but assign to the reported place.</summary>
    public static AssignmentExpressionSyntax? Store(FixTarget target) =>
        target.Find<ExpressionSyntax>() is { Parent: AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } store } place
        && store.IsKind(SyntaxKind.SimpleAssignmentExpression) && store.Left == place && place.Span == target.Span
            ? store
            : null;

    /// <summary>The document with a load of the place, or null when there is none for its type.</summary>
    public static Document? Load(FixTarget target, ExpressionSyntax place) =>
        Has(target, "Read", place) ? Call(target, place, $"Read(in {place})") : null;

    /// <summary>The document with a store, or null when there is none for the place's type.</summary>
    public static Document? Store(FixTarget target, AssignmentExpressionSyntax store) =>
        Has(target, "Write", store.Left) ? Call(target, store, $"Write(ref {store.Left}, {store.Right})") : null;

    private static bool IsChanged(ExpressionSyntax place) =>
        place.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == place,
            PrefixUnaryExpressionSyntax unary =>
                unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression),
            PostfixUnaryExpressionSyntax unary =>
                unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression),
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
            _ => false,
        };

    // The kernel's Volatile has fewer overloads than that of .NET.
    private static bool Has(FixTarget target, string name, ExpressionSyntax place) =>
        target.Model.GetTypeInfo(place).Type is { } type
        && Type(target) is { } volatileClass
        && volatileClass.GetMembers(name).OfType<IMethodSymbol>().Any(method =>
            SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, type));

    private static Document Call(FixTarget target, ExpressionSyntax before, string call)
    {
        bool isInScope = target.Model.LookupNamespacesAndTypes(before.SpanStart, name: "Volatile")
            .Any(candidate => SymbolEqualityComparer.Default.Equals(candidate, Type(target)));
        string name = isInScope ? "Volatile" : Class;
        return target.Replace(before, SyntaxFactory.ParseExpression($"{name}.{call}").WithTriviaFrom(before));
    }

    private static INamedTypeSymbol? Type(FixTarget target) => target.Model.Compilation.GetTypeByMetadataName(Class);
}
