using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Exceptions: thrown, hidden in an operator, or caught.</summary>
/// <remarks>
/// A null reference, an index out of range and a full stack are bugs that any code can have; they are not counted
/// (docs/analyzers.md, "What is not promised").
/// </remarks>
internal static class ThrowDeeds
{
    public static void Inspect(IOperation operation, bool isInTry, Findings found)
    {
        switch (operation)
        {
            case IThrowOperation statement:
                found.Add(Guarantees.NoThrow, Rules.Throw, operation.Syntax, statement.Exception?.Type?.Display() ?? "again");
                break;
            case ICatchClauseOperation:
                // Whatever is caught here was allocated, and the call goes on.
                found.AddUnknown(Guarantees.NoGC, operation.Syntax.GetFirstToken().Parent!, "an exception that is caught was allocated");
                break;
            case ISwitchExpressionOperation { IsExhaustive: false }:
                found.Add(Guarantees.NoThrow, Rules.HiddenThrow, operation.Syntax, "no arm may match");
                break;
            case IConversionOperation conversion:
                InspectConversion(conversion, found);
                break;
            default:
                InspectArithmetic(operation, found);
                break;
        }
    }

    private static void InspectConversion(IConversionOperation operation, Findings found)
    {
        Conversion conversion = operation.GetConversion();
        bool fails = !operation.IsTryCast && operation.OperatorMethod is null
            && (conversion.IsUnboxing
                || conversion is { IsReference: true, IsExplicit: true }
                || conversion is { IsNullable: true, IsExplicit: true } && operation.Type?.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T);
        if (fails)
        {
            found.Add(Guarantees.NoThrow, Rules.HiddenThrow, operation.Syntax, $"a cast to '{operation.Type?.Display()}' that fails");
        }
        else if (operation is { IsChecked: true, IsImplicit: false, OperatorMethod: null } && conversion.IsNumeric && conversion.IsExplicit)
        {
            found.Add(Guarantees.NoThrow, Rules.HiddenThrow, operation.Syntax, "a checked conversion that overflows");
        }
    }

    private static void InspectArithmetic(IOperation operation, Findings found)
    {
        (BinaryOperatorKind kind, IOperation? right, bool isChecked, ITypeSymbol? type) = operation switch
        {
            IBinaryOperation { OperatorMethod: null } binary => (binary.OperatorKind, binary.RightOperand, binary.IsChecked, binary.Type),
            ICompoundAssignmentOperation { OperatorMethod: null } compound => (compound.OperatorKind, compound.Value, compound.IsChecked, compound.Type),
            IIncrementOrDecrementOperation { OperatorMethod: null } step => (BinaryOperatorKind.Add, null, step.IsChecked, step.Type),
            IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } minus => (BinaryOperatorKind.Subtract, null, minus.IsChecked, minus.Type),
            _ => (BinaryOperatorKind.None, null, false, null),
        };
        if (!IsInteger(type))
        {
            return;
        }

        if (kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder && right is not null && !IsGoodDivisor(right))
        {
            found.Add(Guarantees.NoThrow, Rules.HiddenThrow, right.Syntax, "a division by zero, or of the lowest number by -1");
        }
        else if (isChecked && kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply && isChecked)
        {
            found.Add(Guarantees.NoThrow, Rules.HiddenThrow, operation.Syntax, "a checked operation that overflows");
        }
    }

    private static bool IsGoodDivisor(IOperation divisor)
    {
        IOperation value = divisor is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : divisor;
        return value.ConstantValue is { HasValue: true, Value: { } constant } && !IsZeroOrMinusOne(constant);
    }

    private static bool IsZeroOrMinusOne(object constant) =>
        constant switch
        {
            char character => character == 0,
            IConvertible number => System.Convert.ToDecimal(number) is 0 or -1,
            _ => true,
        };

    private static bool IsInteger(ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr
        || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && IsInteger(nullable.TypeArguments[0])
        || type is { TypeKind: TypeKind.Enum };
}
