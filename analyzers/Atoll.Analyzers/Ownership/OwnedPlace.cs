using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>Where an owned value is, and who may move it from there.</summary>
internal static class OwnedPlace
{
    /// <summary>The variable that owns its value: a local or parameter that is no reference to something else.</summary>
    public static ISymbol? Variable(IOperation? operation) =>
        operation switch
        {
            ILocalReferenceOperation { Local.RefKind: RefKind.None } reference => reference.Local,
            IParameterReferenceOperation { Parameter.RefKind: RefKind.None } reference => reference.Parameter,
            IDeclarationExpressionOperation declaration => Variable(declaration.Expression),
            _ => null,
        };

    /// <summary>Says whether the operation names memory, so that reading it by value leaves the value there.</summary>
    public static bool IsPlace(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation => true,
            IArrayElementReferenceOperation or IInlineArrayAccessOperation or IInstanceReferenceOperation => true,
            IInvocationOperation call => call.TargetMethod.RefKind != RefKind.None,
            IPropertyReferenceOperation property => property.Property.RefKind != RefKind.None,
            IFunctionPointerInvocationOperation call => IsByReference(call),
            IImplicitIndexerReferenceOperation indexer =>
                indexer.IndexerSymbol is IPropertySymbol { RefKind: not RefKind.None },
            IConditionalOperation choice => choice.IsRef,
            ISimpleAssignmentOperation => true,

            // '*p', 'p[i]' and 'p->x' have no kind of their own.
            { Kind: OperationKind.None } => true,
            _ => false,
        };

    /// <summary>Says whether the operation makes a value that nobody owns yet.</summary>
    public static bool IsFresh(IOperation operation) =>
        operation switch
        {
            IInvocationOperation or IPropertyReferenceOperation or IFunctionPointerInvocationOperation
                or IImplicitIndexerReferenceOperation => !IsPlace(operation),
            IObjectCreationOperation or IDefaultValueOperation or ITypeParameterObjectCreationOperation => true,
            IConversionOperation { OperatorMethod: not null } => true,
            IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null } => true,
            _ => false,
        };

    /// <summary>Says whether the operation passes a value on from an operand, where it is looked at.</summary>
    public static bool IsTransparent(IOperation operation) =>
        operation switch
        {
            IConditionalOperation choice => !choice.IsRef,
            ISwitchExpressionOperation or IDeclarationExpressionOperation or IDiscardOperation => true,
            IConversionOperation { IsImplicit: true } conversion =>
                SymbolEqualityComparer.Default.Equals(conversion.Type, conversion.Operand.Type),
            IObjectOrCollectionInitializerOperation or IMemberInitializerOperation => true,
            IThrowOperation => true,
            _ => false,
        };

    private static bool IsByReference(IFunctionPointerInvocationOperation call) =>
        call.Target.Type is IFunctionPointerTypeSymbol { Signature.RefKind: not RefKind.None };
}
