using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>
/// ATL0004: a lambda in a local that is only called becomes a local function; a method in such a local is called itself.
/// </summary>
/// <remarks>
/// Arguments are given by position, as a delegate may name its parameters in another order. A method has one overload and
/// exactly the delegate's signature.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AvoidDelegateFix() : KernelCodeFix("ATL0004", "Call it without a delegate")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        SemanticModel model = target.Model;
        if (target.Find<VariableDeclaratorSyntax>() is not
                {
                    Initializer.Value: { } value,
                    Parent: VariableDeclarationSyntax
                    {
                        Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax } statement,
                    },
                } variable
            || value.Span != target.Span
            || model.GetDeclaredSymbol(variable, cancellationToken)
                is not ILocalSymbol { Type: INamedTypeSymbol { DelegateInvokeMethod: { } signature } } local
            || MemberUses.FindAll(model, local, cancellationToken) is not { } uses
            || !uses.All(use => IsCall(use, signature)))
        {
            return null;
        }

        Document? changed = value is LambdaExpressionSyntax lambda
            ? MakeLocalFunction(target, statement, variable, lambda, signature)
            : IsMethod(model, value, signature, cancellationToken) && uses.All(use => MeansTheSame(model, value, use))
                ? CallMethod(target, statement, value, uses)
                : null;
        return changed is null ? null : Outcome.IfCompiles(target, changed, cancellationToken);
    }

    private static bool IsCall(ExpressionSyntax use, IMethodSymbol signature) =>
        use.Parent is InvocationExpressionSyntax call && call.Expression == use
        && call.ArgumentList.Arguments.Count == signature.Parameters.Length
        && call.ArgumentList.Arguments.All(static argument => argument.NameColon is null);

    private static Document? MakeLocalFunction(
        FixTarget target,
        LocalDeclarationStatementSyntax statement,
        VariableDeclaratorSyntax variable,
        LambdaExpressionSyntax lambda,
        IMethodSymbol signature)
    {
        if (lambda.AsyncKeyword.RawKind != 0 || lambda.AttributeLists.Count > 0 || signature.RefKind != RefKind.None)
        {
            return null;
        }

        SeparatedSyntaxList<ParameterSyntax> given = lambda switch
        {
            SimpleLambdaExpressionSyntax simple => SyntaxFactory.SingletonSeparatedList(simple.Parameter),
            ParenthesizedLambdaExpressionSyntax several => several.ParameterList.Parameters,
            _ => default,
        };
        IEnumerable<string> parameters = given.Select((parameter, index) =>
            parameter.Type is null ? $"{Type(signature.Parameters[index].Type)} {parameter.Identifier}" : $"{parameter}");
        string modifier = lambda.Modifiers.Any(SyntaxKind.StaticKeyword) ? "static " : "";
        string body = lambda.Block is { } block
            ? $"{lambda.ArrowToken.TrailingTrivia.ToFullString()}{block.GetLeadingTrivia().ToFullString()}{block}"
            : $" => {lambda.ExpressionBody};";
        return target.Change(
            statement.Span,
            $"{modifier}{Type(signature.ReturnType)} {variable.Identifier}({string.Join(", ", parameters)}){body}");

        string Type(ITypeSymbol type) => type.ToMinimalDisplayString(target.Model, statement.SpanStart);
    }

    // Of a static method there is no receiver that would be looked up again at each call.
    private static bool IsMethod(
        SemanticModel model, ExpressionSyntax value, IMethodSymbol signature, CancellationToken cancellationToken) =>
        model.GetSymbolInfo(value, cancellationToken).Symbol is IMethodSymbol { IsStatic: true, Arity: 0 } method
        && (method.MethodKind == MethodKind.LocalFunction || method.ContainingType.GetMembers(method.Name).Length == 1)
        && method.RefKind == signature.RefKind
        && SymbolEqualityComparer.Default.Equals(method.ReturnType, signature.ReturnType)
        && method.Parameters.Length == signature.Parameters.Length
        && method.Parameters.Zip(signature.Parameters, static (own, asked) =>
            own.RefKind == asked.RefKind && SymbolEqualityComparer.Default.Equals(own.Type, asked.Type)).All(static same => same);

    // Between the local and its call, another scope may have begun.
    private static bool MeansTheSame(SemanticModel model, ExpressionSyntax method, ExpressionSyntax use)
    {
        string first = method.GetFirstToken().ValueText;
        return model.LookupSymbols(use.SpanStart, name: first).SequenceEqual(
            model.LookupSymbols(method.SpanStart, name: first), SymbolEqualityComparer.Default);
    }

    private static Document CallMethod(
        FixTarget target,
        LocalDeclarationStatementSyntax statement,
        ExpressionSyntax method,
        IEnumerable<ExpressionSyntax> uses)
    {
        SourceText text = statement.SyntaxTree.GetText();
        TextSpan line = text.Lines.GetLineFromPosition(statement.SpanStart).SpanIncludingLineBreak;
        bool isAlone = text.ToString(line).Trim() == statement.ToString();
        return target.Change(
        [
            new TextChange(isAlone ? line : statement.Span, ""),
            .. uses.Select(use => new TextChange(use.Span, method.ToString())),
        ]);
    }
}
