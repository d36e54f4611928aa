using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>What happens to an owned value at one place.</summary>
internal enum Use
{
    /// <summary>Read by value where nothing takes it over. Whatever is not known to be better is this.</summary>
    Copy,

    /// <summary>Looked at or changed where it is.</summary>
    Borrow,

    /// <summary>Replaced.</summary>
    Write,

    /// <summary>Handed on by value to one new owner.</summary>
    Move,

    /// <summary>Dropped.</summary>
    Discard,

    /// <summary>Put where it can be copied; ATL0402 says so.</summary>
    Store,

    /// <summary>Kept by the control-flow graph for a later place, which decides.</summary>
    Capture,
}

/// <summary>Decides what happens to a value from what stands around it. Everything is a copy until shown otherwise.</summary>
/// <remarks>
/// Built as RS0042 of Roslyn is: ban every kind of operation, then admit those that are known to be right. So a new
/// language feature is reported until somebody has thought about it.
/// </remarks>
internal static class OwnedUse
{
    public static Use Of(IOperation value)
    {
        if (IsRefOperand(value.Syntax) || value.IsInNameOf())
        {
            return Use.Borrow;
        }

        return value.Parent switch
        {
            // The root of a condition or of a return in a control-flow graph.
            null => Use.Move,
            IArgumentOperation argument => OfArgument(argument),
            IInvocationOperation call when call.Instance == value => OfReceiver(call.TargetMethod),
            IMethodReferenceOperation => Use.Store,
            IMemberReferenceOperation member when member.Instance == value => OfReceiver(member.Member),
            IInlineArrayAccessOperation access when access.Instance == value => Use.Borrow,
            IImplicitIndexerReferenceOperation indexer when indexer.Instance == value => Use.Borrow,
            IAddressOfOperation => Use.Borrow,
            ISizeOfOperation or ITypeOfOperation => Use.Borrow,
            ICompoundAssignmentOperation change when change.Target == value && ChangesInPlace(change) => Use.Borrow,
            IIncrementOrDecrementOperation change when ChangesInPlace(change) => Use.Borrow,
            IForEachLoopOperation loop when loop.Collection == value => OfCollection(loop),
            IIsPatternOperation { Pattern: var pattern } when IsNullTest(pattern) => Use.Borrow,
            IDeclarationExpressionOperation declaration => Of(declaration),
            IObjectOrCollectionInitializerOperation or IMemberInitializerOperation => Use.Borrow,
            IVariableInitializerOperation or IFieldInitializerOperation => Use.Move,
            IReturnOperation { Kind: OperationKind.Return } => Use.Move,
            ISimpleAssignmentOperation assignment => OfAssignment(assignment, value),
            IConditionalOperation choice when choice.Condition != value => Of(choice),
            ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } arm when arm.Value == value =>
                Of(choice),
            IConversionOperation conversion => OfConversion(conversion),
            IBinaryOperation { OperatorMethod: { } method } binary =>
                OfOperand(method.Parameters[binary.LeftOperand == value ? 0 : 1]),
            IUnaryOperation { OperatorMethod: { } method } => OfOperand(method.Parameters[0]),
            IExpressionStatementOperation => Use.Discard,
            IFlowCaptureOperation => Use.Capture,
            ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple
                when deconstruction.Target == tuple => Use.Copy,
            ITupleOperation or IArrayInitializerOperation or ICollectionExpressionOperation or ISpreadOperation =>
                Use.Store,
            IUsingOperation block when block.Resources == value => Use.Move,
            _ => Use.Copy,
        };
    }

    /// <summary>Says whether an operator is a member of what it changes (C# 14): nothing is copied out or back.</summary>
    public static bool ChangesInPlace(IOperation operation) =>
        operation is ICompoundAssignmentOperation { OperatorMethod.IsStatic: false }
            or IIncrementOrDecrementOperation { OperatorMethod.IsStatic: false };

    /// <summary>Says whether <c>foreach</c> asks the collection itself for its enumerator: by a member, or by reference.</summary>
    private static Use OfCollection(IForEachLoopOperation loop) =>
        Calls.Calls.Enumerator(loop) switch
        {
            { IsExtensionMethod: false } => Use.Borrow,
            { Parameters: { IsEmpty: false } parameters } => OfOperand(parameters[0]),
            _ => Use.Copy,
        };

    // Of a type parameter that admits owned structs: a box that is only compared with null is never made.
    private static bool IsNullTest(IPatternOperation pattern) =>
        pattern switch
        {
            INegatedPatternOperation negated => IsNullTest(negated.Pattern),
            IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => true,
            _ => false,
        };

    private static Use OfReceiver(ISymbol member) =>
        member.ExtendedAs() is { } extended ? extended.RefKind == RefKind.None ? Use.Move : Use.Borrow
        : member is IMethodSymbol method && Owned.EndsReceiver(method) ? Use.Move
        : Use.Borrow;

    // 'ref x' as initialiser, as returned value, as arm of a choice.
    private static bool IsRefOperand(SyntaxNode syntax)
    {
        SyntaxNode outer = syntax;
        while (outer.Parent is ParenthesizedExpressionSyntax parent)
        {
            outer = parent;
        }

        return outer.Parent is RefExpressionSyntax;
    }

    private static Use OfArgument(IArgumentOperation argument) =>
        argument.Parameter?.RefKind switch
        {
            RefKind.None => Use.Move,
            RefKind.Out => Use.Write,
            null => Use.Copy,
            _ => Use.Borrow,
        };

    private static Use OfAssignment(ISimpleAssignmentOperation assignment, IOperation value) =>
        assignment switch
        {
            { IsRef: true } => Use.Borrow,
            _ when assignment.Target == value => Use.Write,
            { Target: IDiscardOperation } => Use.Discard,
            { Target: IPropertyReferenceOperation { Property.ContainingType.IsAnonymousType: true } } => Use.Store,
            _ => Use.Move,
        };

    private static Use OfConversion(IConversionOperation conversion) =>
        conversion switch
        {
            { OperatorMethod: { } method } => OfOperand(method.Parameters[0]),
            _ when !Owned.IsOwned(conversion.Type) => Use.Store,
            { IsImplicit: true } when SymbolEqualityComparer.Default.Equals(conversion.Type, conversion.Operand.Type) =>
                Of(conversion),
            _ => Use.Copy,
        };

    private static Use OfOperand(IParameterSymbol parameter) =>
        parameter.RefKind == RefKind.None ? Use.Copy : Use.Borrow;
}
