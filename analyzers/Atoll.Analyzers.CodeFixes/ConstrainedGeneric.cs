using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>Turns a parameter of interface type into one of a struct type parameter: no box, and one target per call.</summary>
internal static class ConstrainedGeneric
{
    /// <summary>
    /// The document with the type parameter, or null where it could mean something else: where others can call the method,
    /// where one passes what is not a struct, or where the parameter is used but for the interface's own members.
    /// </summary>
    public static Document? Make(FixTarget target, IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        SemanticModel model = target.Model;
        if (parameter is not
                {
                    RefKind: RefKind.None, IsParams: false, HasExplicitDefaultValue: false, Type.TypeKind: TypeKind.Interface,
                    ContainingSymbol: IMethodSymbol { DeclaringSyntaxReferences.Length: 1 } method,
                }
            || !IsOwn(method)
            || MemberUses.FindAll(model, method, cancellationToken) is not { } calls
            || !calls.All(call => PassesStruct(model, call, parameter, cancellationToken))
            || NamesTypeArguments(method, cancellationToken)
            || MemberUses.FindAll(model, parameter, cancellationToken) is not { } uses
            || !uses.All(use => IsMemberOfInterface(model, use, cancellationToken)))
        {
            return null;
        }

        string name = $"T{char.ToUpperInvariant(parameter.Name[0])}{parameter.Name.Substring(1)}";
        SyntaxNode declaration = method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken);
        return !model.LookupNamespacesAndTypes(declaration.Span.End - 1, name: name).IsEmpty
            ? null
            : declaration switch
            {
                MethodDeclarationSyntax { TypeParameterList: var list, ParameterList: { } parameters } ordinary =>
                    Edit(parameters, list, ordinary.Identifier, ordinary.ConstraintClauses),
                LocalFunctionStatementSyntax { TypeParameterList: var list, ParameterList: { } parameters } local =>
                    Edit(parameters, list, local.Identifier, local.ConstraintClauses),
                _ => null,
            };

        Document? Edit(
            ParameterListSyntax parameters,
            TypeParameterListSyntax? list,
            SyntaxToken identifier,
            SyntaxList<TypeParameterConstraintClauseSyntax> constraints)
        {
            TypeSyntax type = parameters.Parameters[parameter.Ordinal].Type!;
            int end = constraints.Count > 0 ? constraints.Last().Span.End : parameters.Span.End;
            return target.Change(
            [
                list is null ? Insertion(identifier.Span.End, $"<{name}>") : Insertion(list.Span.End - 1, $", {name}"),
                new TextChange(type.Span, name),
                Insertion(end, $" where {name} : struct, {type}"),
            ]);
        }
    }

    private static TextChange Insertion(int position, string text) => new(new TextSpan(position, 0), text);

    private static bool IsOwn(IMethodSymbol method) =>
        method.MethodKind == MethodKind.LocalFunction
        || method is { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private }
            && method.ContainingType.GetMembers(method.Name).Length == 1;

    // F<int>(x) would have to name one more.
    private static bool NamesTypeArguments(IMethodSymbol method, CancellationToken cancellationToken) =>
        method.ContainingType.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken).DescendantNodes()
            .OfType<GenericNameSyntax>().Any(name => name.Identifier.ValueText == method.Name);

    // The compiler then finds the type argument by itself.
    private static bool PassesStruct(
        SemanticModel model, ExpressionSyntax callee, IParameterSymbol parameter, CancellationToken cancellationToken) =>
        callee.Parent is InvocationExpressionSyntax call && call.Expression == callee
        && model.GetOperation(call, cancellationToken) is IInvocationOperation invocation
        && invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value
            is IConversionOperation { IsImplicit: true, Operand.Type: { } passed } conversion
        && conversion.GetConversion().IsBoxing
        && passed is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T };

    // A member with a default body would box again.
    private static bool IsMemberOfInterface(
        SemanticModel model, ExpressionSyntax use, CancellationToken cancellationToken) =>
        use.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == use =>
                model.GetSymbolInfo(access, cancellationToken).Symbol switch
                {
                    IMethodSymbol method => method is { IsAbstract: true, ContainingType.TypeKind: TypeKind.Interface }
                        && access.Parent is InvocationExpressionSyntax,
                    IPropertySymbol property => property is { IsAbstract: true, ContainingType.TypeKind: TypeKind.Interface },
                    _ => false,
                },
            ElementAccessExpressionSyntax element when element.Expression == use =>
                model.GetSymbolInfo(element, cancellationToken).Symbol is { IsAbstract: true },
            _ => false,
        };
}
