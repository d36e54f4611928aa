using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Which of an answer's values is the good one, and who may hand the others on as they are.</summary>
/// <remarks>
/// A struct says <c>IsOk</c>, and may have an <c>Error</c> to return in its place. Of an enum the member zero is good,
/// and of a bool <c>true</c>, if the function that would hand it on says so itself: it answers the same type, and its
/// last statement returns that value.
/// </remarks>
internal sealed class Answer
{
    private readonly string _good;
    private readonly bool _isBool;
    private readonly bool _isStruct;
    private readonly string _part;

    private Answer(ITypeSymbol type, string good, string part = "")
    {
        _good = good;
        _isBool = type.SpecialType == SpecialType.System_Boolean;
        _isStruct = type.TypeKind == TypeKind.Struct && !_isBool;
        _part = part;
    }

    /// <summary>An answer of the type that the function around the place can return when it is bad, or null.</summary>
    public static Answer? ToReturn(FixTarget target, SyntaxNode place, ITypeSymbol? type)
    {
        if (type is null || Function(place) is not { } function || Declared(target.Model, function) is not
                { RefKind: RefKind.None, IsAsync: false } method)
        {
            return null;
        }

        bool isSame = SymbolEqualityComparer.Default.Equals(method.ReturnType, type);
        if (type.GetMembers("IsOk").OfType<IPropertySymbol>().Any())
        {
            bool hasError = type.GetMembers("Error").OfType<IPropertySymbol>()
                .Any(error => SymbolEqualityComparer.Default.Equals(error.Type, method.ReturnType));
            return isSame ? new Answer(type, "") : hasError ? new Answer(type, "", ".Error") : null;
        }

        return isSame && Last(function) is { } last && IsGood(target.Model, type, last)
            ? new Answer(type, last.ToString())
            : null;
    }

    /// <summary>Returns what the call answers unless that is good.</summary>
    public StatementSyntax Return(ExpressionSyntax call, string name) =>
        _isBool ? If($"!{call}", "false")
        : _isStruct ? If($"{call} is {{ IsOk: false }} {name}", name + _part)
        : If($"{call} is not {_good} and var {name}", name);

    /// <summary>Returns what the variable holds unless that is good.</summary>
    public StatementSyntax Return(string variable) =>
        _isBool ? If($"!{variable}", "false")
        : If(_isStruct ? $"!{variable}.IsOk" : $"{variable} != {_good}", variable + _part);

    private static StatementSyntax If(string isBad, string returned) =>
        SyntaxFactory.ParseStatement($"if ({isBad})\n{{\nreturn {returned};\n}}\n");

    private static SyntaxNode? Function(SyntaxNode place) =>
        place.Ancestors().FirstOrDefault(static node => node is BaseMethodDeclarationSyntax
            or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or AnonymousFunctionExpressionSyntax);

    private static IMethodSymbol? Declared(SemanticModel model, SyntaxNode function) =>
        function is AnonymousFunctionExpressionSyntax ? null : model.GetDeclaredSymbol(function) as IMethodSymbol;

    private static ExpressionSyntax? Last(SyntaxNode function)
    {
        BlockSyntax? body = function switch
        {
            BaseMethodDeclarationSyntax method => method.Body,
            LocalFunctionStatementSyntax local => local.Body,
            AccessorDeclarationSyntax accessor => accessor.Body,
            _ => null,
        };
        return (body?.Statements.LastOrDefault() as ReturnStatementSyntax)?.Expression;
    }

    private static bool IsGood(SemanticModel model, ITypeSymbol type, ExpressionSyntax last) =>
        model.GetConstantValue(last) is { HasValue: true, Value: var value }
        && (type.SpecialType == SpecialType.System_Boolean
            ? value is true
            : type.TypeKind == TypeKind.Enum
                && model.GetSymbolInfo(last).Symbol is IFieldSymbol { Type.TypeKind: TypeKind.Enum }
                && value is not null && Convert.ToDecimal(value) == 0);
}
