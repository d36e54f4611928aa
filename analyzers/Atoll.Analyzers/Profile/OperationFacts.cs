using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers;

/// <summary>Questions about operations that more than one rule asks.</summary>
internal static class OperationFacts
{
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
    public static IEnumerable<IOperation> Everything(this IOperation operation)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            foreach (IOperation inner in child.Everything())
            {
                yield return inner;
            }
        }

        yield return operation;
    }

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
