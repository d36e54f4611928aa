using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>What ILC's compile-time interpreter gives up on.</summary>
/// <remarks>
/// Found by trial with ILC 10.0.14 (TypePreinit.cs): no xor, no complement, no right shift, no overflow checks, no
/// recursion, no static abstract call, no function address, no address arithmetic, no write to another type's statics,
/// and at most 100 000 IL instructions. Try again after a change of the compiler's version.
/// </remarks>
internal static class InterpreterLimits
{
    // 100 000 instructions over the seven of the shortest loop: load, add, store, load, add, compare, branch.
    private const long LoopTurnsMax = 100_000 / 7;

    /// <summary>The kinds that <see cref="FindObstacle"/> understands.</summary>
    public static readonly ImmutableArray<OperationKind> Kinds =
    [
        OperationKind.Binary,
        OperationKind.Unary,
        OperationKind.CompoundAssignment,
        OperationKind.SimpleAssignment,
        OperationKind.Increment,
        OperationKind.Decrement,
        OperationKind.Conversion,
        OperationKind.Invocation,
        OperationKind.FunctionPointerInvocation,
        OperationKind.AddressOf,
        OperationKind.InlineArrayAccess,
        OperationKind.Loop,
    ];

    /// <summary>What stops the interpreter at this operation itself, or null.</summary>
    public static string? FindObstacle(IOperation operation, INamedTypeSymbol? initialized)
    {
        // csc has folded it.
        if (operation.ConstantValue.HasValue)
        {
            return null;
        }

        return operation switch
        {
            IBinaryOperation { OperatorMethod: null } binary => Arithmetic(binary.OperatorKind, binary.IsChecked),
            ICompoundAssignmentOperation { OperatorMethod: null } compound =>
                Arithmetic(compound.OperatorKind, compound.IsChecked) ?? Write(compound.Target, initialized),
            IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.BitwiseNegation } => "uses '~'",
            IUnaryOperation { OperatorMethod: null, IsChecked: true } => Overflow,
            IIncrementOrDecrementOperation step => step.IsChecked ? Overflow : Write(step.Target, initialized),
            IConversionOperation conversion => Conversion(conversion),
            ISimpleAssignmentOperation assignment => Write(assignment.Target, initialized),
            IInvocationOperation invocation => Call(invocation.TargetMethod),
            IFunctionPointerInvocationOperation => "calls through a function pointer",
            IAddressOfOperation { Reference: IMethodReferenceOperation } => "takes the address of a function",
            IInlineArrayAccessOperation => "indexes an inline array",
            IForLoopOperation loop when TurnsWithOuter(loop) > LoopTurnsMax => "runs longer than 100 000 instructions",
            _ => null,
        };
    }

    private const string Overflow = "checks for overflow";

    private static string? Arithmetic(BinaryOperatorKind kind, bool isChecked) =>
        kind switch
        {
            BinaryOperatorKind.ExclusiveOr => "uses '^'",
            BinaryOperatorKind.RightShift => "uses '>>'",
            BinaryOperatorKind.UnsignedRightShift => "uses '>>>'",
            BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply when isChecked =>
                Overflow,
            _ => null,
        };

    private static string? Conversion(IConversionOperation conversion) =>
        conversion is { IsChecked: true, OperatorMethod: null }
            && conversion.GetConversion() is { IsNumeric: true, IsExplicit: true }
            ? Overflow
            : null;

    private static string? Write(IOperation target, INamedTypeSymbol? initialized) =>
        target is IFieldReferenceOperation { Field: { IsStatic: true, ContainingType: { } owner } }
        && !SymbolEqualityComparer.Default.Equals(owner, initialized)
            ? $"writes a static of '{owner.Display()}'"
            : null;

    private static string? Call(IMethodSymbol method)
    {
        if (method.IsStatic && (method.IsAbstract || method.IsVirtual))
        {
            return $"calls the static abstract '{method.Display()}'";
        }

        if (method.IsExtern)
        {
            return $"calls '{method.Display()}', which is not C#";
        }

        // Its body is a call of itself.
        return method.IsIntrinsic() ? $"calls the intrinsic '{method.Display()}'" : null;
    }

    private static long TurnsWithOuter(IForLoopOperation loop)
    {
        long turns = Turns(loop);
        for (IOperation? parent = loop.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IForLoopOperation outer)
            {
                turns *= Math.Max(1, Math.Min(Turns(outer), int.MaxValue));
                turns = Math.Min(turns, int.MaxValue);
            }
        }

        return turns;
    }

    // for (int i = 0; i < Constant; i += Constant), which is how tables are filled; 0 for any other shape.
    private static long Turns(IForLoopOperation loop)
    {
        if (loop.Condition is not IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
            } condition
            || Number(condition.RightOperand) is not { } end)
        {
            return 0;
        }

        long start = loop.Before.OfType<IVariableDeclarationGroupOperation>()
            .SelectMany(static group => group.Declarations)
            .SelectMany(static declaration => declaration.Declarators)
            .Select(static declarator => declarator.Initializer is { } initializer ? Number(initializer.Value) : null)
            .FirstOrDefault() ?? 0;
        long step = loop.AtLoopBottom.OfType<IExpressionStatementOperation>()
            .Select(static statement => statement.Operation is ICompoundAssignmentOperation compound
                ? Number(compound.Value) : null)
            .FirstOrDefault() ?? 1;
        return Math.Min((end - start) / Math.Max(1, step), int.MaxValue);
    }

    private static long? Number(IOperation operation) =>
        operation.ConstantValue is { HasValue: true, Value: { } value }
            ? value switch
            {
                int number => number,
                uint number => number,
                long number => number,
                ulong number => (long)Math.Min(number, long.MaxValue),
                _ => null,
            }
            : null;
}
