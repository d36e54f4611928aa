using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Codegen;

/// <summary>What makes the compiler take a SIMD register.</summary>
/// <remarks>
/// RyuJIT copies and zeroes blocks of 16 bytes and more through XMM registers, and nothing turns that off. Two registers' worth
/// that stays in locals, arguments and results is kept in general-purpose ones (System V AMD64 ABI, "Parameter Passing").
/// </remarks>
internal static class SimdUse
{
    private const int RegistersBytes = 16;

    /// <summary>Why the operation takes one, in words that follow its text; null when it does not.</summary>
    public static string? Of(IOperation operation) =>
        IsNumber(operation.Type) ? OfNumber(operation)
        : operation.Type is { TypeKind: TypeKind.Struct } type && Verb(operation) is { } verb
            && ValueExtent.SizeOf(type) is >= RegistersBytes and var bytes && IsMoved(operation, bytes) ? $"{verb} {bytes} bytes"
        : null;

    /// <summary>Says whether values of the type live in SIMD registers.</summary>
    public static bool IsNumber(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_Single or SpecialType.System_Double } || IsVector(type) || type.IsNamed("System.Half");

    private static bool IsVector(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct, ContainingNamespace: { } space }
            && type.Name.StartsWith("Vector", StringComparison.Ordinal)
            && space.ToDisplayString() is "System.Runtime.Intrinsics" or "System.Numerics";

    // Once for a whole expression: 'a * 2 + b' is one finding. An argument and the conversion in it are another's place.
    private static string? OfNumber(IOperation operation) =>
        IsNumber(operation.Parent?.Type) || operation.ConstantValue.HasValue && operation.Parent is IFieldInitializerOperation
            || operation.Parent is INameOfOperation or ISizeOfOperation or ITypeOfOperation
            || operation.IsOnlyWritten()
            ? null
            : IsVector(operation.Type) ? "is a vector" : "is floating point";

    private static string? Verb(IOperation operation) =>
        operation switch
        {
            IDefaultValueOperation => "zeroes",
            IObjectCreationOperation { Arguments.IsEmpty: true, Constructor.IsImplicitlyDeclared: true } => "zeroes",
            IWithOperation => "copies",
            IInvocationOperation { TargetMethod.RefKind: RefKind.None } or IFunctionPointerInvocationOperation => "copies",
            _ => IsPlace(operation) ? "copies" : null,
        };

    private static bool IsPlace(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation { IsDeclaration: false } or IParameterReferenceOperation or IFieldReferenceOperation
                or IArrayElementReferenceOperation or IInlineArrayAccessOperation => true,
            IInstanceReferenceOperation self => self.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance,
            IPropertyReferenceOperation property => property.Property.RefKind != RefKind.None,
            IInvocationOperation call => call.TargetMethod.RefKind != RefKind.None,
            _ => Progress.Waiting.IsDereference(operation),
        };

    private static bool IsMoved(IOperation value, int bytes)
    {
        if (value is IWithOperation)
        {
            return true;
        }

        // What a call returns in memory is written where the caller says: only a store elsewhere copies it.
        IOperation whole = Whole(value);
        bool isResult = IsResult(value);
        return whole.Parent switch
        {
            ISimpleAssignmentOperation { IsRef: false } store when store.Value == whole =>
                isResult ? bytes > RegistersBytes && IsMemory(store.Target)
                : bytes > RegistersBytes || IsMemory(value) || IsMemory(store.Target),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.None } } =>
                !isResult && (bytes > RegistersBytes || IsMemory(value)),
            IArgumentOperation { Parameter.RefKind: RefKind.None } or ITupleOperation => !isResult && bytes > RegistersBytes,
            IReturnOperation result => !isResult && bytes > RegistersBytes && !IsRefReturn(result),
            _ => false,
        };
    }

    // The expression that has the value: 'b ? x : y' for 'x', unless it only picks a place.
    private static IOperation Whole(IOperation value) =>
        value.Parent switch
        {
            IConversionOperation { OperatorMethod: null } conversion => Whole(conversion),
            IConditionalOperation { IsRef: false } choice when choice.Condition != value => Whole(choice),
            ISwitchExpressionArmOperation arm when arm.Value == value && arm.Parent is { } choice => Whole(choice),
            ICoalesceOperation choice when choice.WhenNull == value => Whole(choice),
            _ => value,
        };

    private static bool IsResult(IOperation value) =>
        value is IInvocationOperation { TargetMethod.RefKind: RefKind.None } or IFunctionPointerInvocationOperation;

    private static bool IsMemory(IOperation place) =>
        place switch
        {
            ILocalReferenceOperation local => local.Local.RefKind != RefKind.None,
            IParameterReferenceOperation parameter => parameter.Parameter.RefKind != RefKind.None,
            IFieldReferenceOperation { Instance: { } instance, Field.ContainingType.IsValueType: true } => IsMemory(instance),
            IConversionOperation conversion => IsMemory(conversion.Operand),
            _ => IsPlace(place),
        };

    private static bool IsRefReturn(IReturnOperation result) =>
        result.ReturnedValue?.Syntax.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.RefExpressionSyntax;
}
