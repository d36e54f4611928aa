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
        if (IsRefOperand(value.Syntax))
        {
            return Use.Borrow;
        }

        return value.Parent switch
        {
            // The root of a condition or of a return in a control-flow graph.
            null => Use.Move,
            IArgumentOperation argument => OfArgument(argument),
            IInvocationOperation call when call.Instance == value =>
                Owned.EndsReceiver(call.TargetMethod) ? Use.Move : Use.Borrow,
            IMethodReferenceOperation => Use.Store,
            IMemberReferenceOperation member when member.Instance == value => Use.Borrow,
            IInlineArrayAccessOperation access when access.Instance == value => Use.Borrow,
            IImplicitIndexerReferenceOperation indexer when indexer.Instance == value => Use.Borrow,
            IAddressOfOperation => Use.Borrow,
            INameOfOperation or ISizeOfOperation or ITypeOfOperation => Use.Borrow,
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
