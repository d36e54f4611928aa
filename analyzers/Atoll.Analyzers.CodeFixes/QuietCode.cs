using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>
/// Whether what a copy is made of could change while the copy is in use: then a reference in its place reads something else.
/// </summary>
internal static class QuietCode
{
    /// <summary>Says whether a parameter by value can become <c>in</c>, and every call still sees the value that it gave.</summary>
    /// <remarks>
    /// Either the method changes nothing but variables of its own; or each call gives it a value that has no other name there: a
    /// result, or a variable of the caller that the call does not also hand out to be changed.
    /// </remarks>
    public static bool KeepsArgument(
        SemanticModel model, IMethodSymbol method, IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        if (method.DeclaringSyntaxReferences.Length != 1)
        {
            return false;
        }

        SyntaxNode body = method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken);
        return IsQuiet(model, body, cancellationToken)
            || body.Ancestors().OfType<TypeDeclarationSyntax>().First().DescendantNodes()
                .OfType<InvocationExpressionSyntax>()
                .Select(call => model.GetOperation(call, cancellationToken)).OfType<IInvocationOperation>()
                .Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition))
                .All(call => GivesItsOwn(call, parameter));
    }

    /// <summary>Says whether a variable holds its value itself, so that no reference from elsewhere leads to it.</summary>
    public static bool IsOwn(ISymbol variable) =>
        variable is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None };

    /// <summary>Says whether the code writes nothing but variables that hold their value themselves, and calls nothing that might.</summary>
    public static bool IsQuiet(SemanticModel model, SyntaxNode code, CancellationToken cancellationToken) =>
        code.DescendantNodesAndSelf()
            .Select(node => model.GetOperation(node, cancellationToken))
            .All(static operation => operation is null || IsQuiet(operation));

    private static bool IsQuiet(IOperation operation) =>
        operation switch
        {
            ISimpleAssignmentOperation { IsRef: true } => false,
            IAssignmentOperation assignment => IsOwnPlace(assignment.Target),
            IIncrementOrDecrementOperation change => IsOwnPlace(change.Target),
            IInvocationOperation call => IsQuiet(call.TargetMethod, call.Instance, call.Arguments),
            IPropertyReferenceOperation property =>
                property.Property.GetMethod is { } getter && IsQuiet(getter, property.Instance, property.Arguments),
            IObjectCreationOperation made => made.Arguments.IsEmpty,
            IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null }
                or IConversionOperation { OperatorMethod: not null } or IFunctionPointerInvocationOperation or IDynamicInvocationOperation
                or IAddressOfOperation or IAnonymousFunctionOperation or IAwaitOperation => false,
            _ => true,
        };

    // With values and readonly references alone a method has nothing to write to.
    private static bool IsQuiet(IMethodSymbol method, IOperation? receiver, ImmutableArray<IArgumentOperation> arguments) =>
        (method.IsStatic || method.IsReadOnly || receiver is not null && IsOwnPlace(receiver))
        && arguments.All(static argument => argument.Parameter is
            {
                RefKind: RefKind.None or RefKind.In,
                Type: { IsReferenceType: false, IsRefLikeType: false, TypeKind: not TypeKind.Pointer },
            });

    private static bool GivesItsOwn(IInvocationOperation call, IParameterSymbol parameter)
    {
        IOperation? given = call.Arguments.FirstOrDefault(argument => SymbolEqualityComparer.Default.Equals(
            argument.Parameter?.OriginalDefinition, parameter.OriginalDefinition))?.Value;
        bool isResult = given is IInvocationOperation { TargetMethod.RefKind: RefKind.None } or IObjectCreationOperation
            or IDefaultValueOperation or ILiteralOperation or IConditionalOperation;
        return isResult
            || Root(given) is { } variable && IsOwn(variable) && !IsHandedOut(call, variable) && !HasAnotherName(call, variable);
    }

    // 'F(x, out x)', 'x.F(x)'.
    private static bool IsHandedOut(IInvocationOperation call, ISymbol variable) =>
        SymbolEqualityComparer.Default.Equals(Root(call.Instance), variable)
        || call.Arguments.Any(argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out
            && SymbolEqualityComparer.Default.Equals(Root(argument.Value), variable));

    // A reference, a pointer or a function inside of another may reach it.
    private static bool HasAnotherName(IInvocationOperation call, ISymbol variable) =>
        variable.ContainingSymbol.DeclaringSyntaxReferences.Any(declared =>
            declared.GetSyntax().DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
                name.Identifier.ValueText == variable.Name
                && (name.Ancestors().TakeWhile(static node => node is not StatementSyntax).Any(GivesName)
                    || call.SemanticModel!.GetEnclosingSymbol(name.SpanStart) is { } function
                        && !SymbolEqualityComparer.Default.Equals(function, variable.ContainingSymbol))));

    private static bool GivesName(SyntaxNode node) =>
        node is RefExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression };

    private static bool IsOwnPlace(IOperation? place) =>
        place is IDiscardOperation or IDeclarationExpressionOperation || Root(place) is { } variable && IsOwn(variable);

    // The variable that a field or element lies in, with nothing followed in between.
    private static ISymbol? Root(IOperation? place) =>
        place switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IFieldReferenceOperation { Field: { RefKind: RefKind.None, ContainingType.IsValueType: true }, Instance: { } outer } =>
                Root(outer),
            IInlineArrayAccessOperation element => Root(element.Instance),
            IConversionOperation { OperatorMethod: null, IsImplicit: true } same => Root(same.Operand),
            _ => null,
        };
}
