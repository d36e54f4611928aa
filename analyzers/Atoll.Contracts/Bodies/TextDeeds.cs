using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Strings that operators and interpolation build. Methods that return strings are calls like any other.</summary>
internal static class TextDeeds
{
    public static void Inspect(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case IInterpolatedStringOperation text when !IsInHandler(text) && !IsOneString(text):
                Report(text, [.. text.Parts.OfType<IInterpolationOperation>().Select(static part => part.Expression)], found);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum
                when !IsConcatenation(sum.Parent):
                IOperation[] operands = [.. Operands(sum).Where(static operand => !IsNothing(operand))];
                if (operands.Length > 1 || operands.Length == 1 && operands[0].Type?.SpecialType != SpecialType.System_String)
                {
                    Report(sum, operands, found);
                }

                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                Report(sum, [sum.Value], found);
                break;
        }
    }

    private static void Report(IOperation operation, IReadOnlyList<IOperation> values, Findings found)
    {
        found.Add(Guarantees.NoGC, Rules.Text, operation.Syntax, operation.Kind == OperationKind.InterpolatedString ? "interpolation" : "concatenation");
        foreach (IOperation value in values)
        {
            if (Value(value).Type is { } type && !TameTypes.Contains(type))
            {
                found.AddUnknown(Guarantees.All & ~Guarantees.NoGC, value.Syntax, $"'ToString' of '{type.Display()}' is called");
            }
        }
    }

    private static IOperation Value(IOperation operation) =>
        operation is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion ? conversion.Operand : operation;

    private static bool IsConcatenation(IOperation? parent)
    {
        while (parent is IParenthesizedOperation or IConversionOperation { IsImplicit: true })
        {
            parent = parent.Parent;
        }

        return parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String };
    }

    private static IEnumerable<IOperation> Operands(IOperation sum)
    {
        var pending = new Stack<IOperation>();
        pending.Push(sum);
        while (pending.Count > 0)
        {
            IOperation next = pending.Pop();
            if (!next.ConstantValue.HasValue
                && Value(next) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } inner)
            {
                pending.Push(inner.RightOperand);
                pending.Push(inner.LeftOperand);
            }
            else
            {
                yield return Value(next);
            }
        }
    }

    private static bool IsNothing(IOperation operand) => operand.ConstantValue is { HasValue: true, Value: null or "" };

    // csc turns $"{text}" into text ?? "".
    private static bool IsOneString(IInterpolatedStringOperation text) =>
        text.Parts.Length == 1
        && text.Parts[0] is IInterpolationOperation { Alignment: null, FormatString: null, Expression.Type.SpecialType: SpecialType.System_String };

    private static bool IsInHandler(IOperation text)
    {
        IOperation? parent = text.Parent;
        while (parent is IInterpolatedStringAdditionOperation or IParenthesizedOperation)
        {
            parent = parent.Parent;
        }

        return parent is IInterpolatedStringHandlerCreationOperation;
    }
}
