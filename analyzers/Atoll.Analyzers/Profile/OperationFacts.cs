using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers;

/// <summary>Questions about operations that more than one rule asks.</summary>
internal static class OperationFacts
{
    private static readonly ConditionalWeakTable<IOperation, IReadOnlyList<IOperation>> s_blocks = new();

    /// <summary>Says whether the operation is only named: <c>nameof</c> runs nothing.</summary>
    public static bool IsInNameOf(this IOperation operation) => operation.HasAncestor(OperationKind.NameOf);

    /// <summary>Says whether the operation is an attribute's argument: metadata, nothing runs.</summary>
    public static bool IsInAttribute(this IOperation operation) => operation.HasAncestor(OperationKind.Attribute);

    /// <summary>
    /// Says whether the operation makes a thrown value. ATL0201 reports the throw; its operand goes with it.
    /// </summary>
    public static bool IsInThrow(this IOperation operation) => operation.HasAncestor(OperationKind.Throw);

    /// <summary>The innermost local function or lambda around the operation, else the member.</summary>
    public static ISymbol EnclosingFunction(this IOperation operation, ISymbol member)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case ILocalFunctionOperation local:
                    return local.Symbol;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol;
            }
        }

        return member;
    }

    /// <summary>
    /// The bodies that contain the operation: one, or every constructor for an initialiser of instance state.
    /// </summary>
    public static IEnumerable<IMethodSymbol> EnclosingBodies(this IOperation operation, ISymbol member) =>
        operation.EnclosingFunction(member) switch
        {
            IMethodSymbol method => [method.Body()],
            { IsStatic: false, ContainingType: not null } instanceState =>
                instanceState.ContainingType.InstanceConstructors
                    .Where(static constructor =>
                        !(constructor.IsImplicitlyDeclared && constructor.ContainingType.IsValueType))
                    .Select(static constructor => constructor.Body()),
            _ => [],
        };

    /// <summary>Says whether all that happens to a box is that it is compared with null.</summary>
    /// <remarks>Such a box is never made: csc writes it, and every JIT takes it away.</remarks>
    public static bool IsComparedWithNull(this IConversionOperation box) =>
        box.Parent switch
        {
            IConversionOperation { OperatorMethod: null } outer when outer.Type.IsReference() => outer.IsComparedWithNull(),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } test =>
                IsNull(test.LeftOperand == box ? test.RightOperand : test.LeftOperand),
            IIsPatternOperation { Pattern: var pattern } => IsNull(pattern),
            _ => false,
        };

    private static bool IsNull(IOperation operation) =>
        operation switch
        {
            INegatedPatternOperation negated => IsNull(negated.Pattern),
            IConstantPatternOperation constant => IsNull(constant.Value),
            _ => operation.ConstantValue is { HasValue: true, Value: null },
        };

    /// <summary>What <c>foreach</c> runs over, before the conversion to the type that has the enumerator.</summary>
    public static ITypeSymbol? SourceType(this IForEachLoopOperation loop) =>
        loop.Collection is IConversionOperation
            {
                IsImplicit: true,
                OperatorMethod: null,
                Operand.Type: IArrayTypeSymbol array,
            }
            ? array
            : loop.Collection.Type;

    public static bool HasAncestor(this IOperation operation, OperationKind kind)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The operation and all below it, a parent after its children: the order in which they run.</summary>
    /// <remarks>Without recursion, as sums of thousands of terms are as deep as they are long.</remarks>
    public static IReadOnlyList<IOperation> Everything(this IOperation operation)
    {
        var found = new List<IOperation>();
        var open = new Stack<IOperation>();
        open.Push(operation);
        while (open.Count > 0)
        {
            IOperation next = open.Pop();
            found.Add(next);
            foreach (IOperation child in next.ChildOperations)
            {
                open.Push(child);
            }
        }

        found.Reverse();
        return found;
    }

    /// <summary>Everything in a member's body or initialiser. Many rules ask, so it is listed once.</summary>
    public static IEnumerable<IOperation> Everything(this OperationBlockAnalysisContext context) =>
        context.OperationBlocks.SelectMany(static block => s_blocks.GetValue(block, Everything));

    /// <summary>Says whether a variable's value at this place is replaced and not read.</summary>
    public static bool IsOnlyWritten(this IOperation reference) =>
        reference.Parent switch
        {
            ISimpleAssignmentOperation { IsRef: false } assignment => assignment.Target == reference,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } => true,
            IDeclarationExpressionOperation => true,
            ITupleOperation tuple => tuple.IsOnlyWritten(),
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Target == reference,
            _ => false,
        };
}
