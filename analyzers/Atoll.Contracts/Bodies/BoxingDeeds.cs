using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Values that become objects, wherever the compiler hides the conversion.</summary>
internal sealed class BoxingDeeds(Compilation compilation)
{
    public void Inspect(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case IConversionOperation conversion:
                InspectConversion(conversion, found);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, LeftOperand: IConversionOperation { IsImplicit: true } left } test
                when IsNull(test.RightOperand):
                InspectNullTest(test, left.Operand.Type, found);
                break;
            case IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation } test:
                InspectNullTest(test, test.Value.Type, found);
                break;
            case IInvocationOperation call:
                InspectReceiver(call, call.Instance, call.TargetMethod, found);
                break;
            case IPropertyReferenceOperation property:
                InspectReceiver(property, property.Instance, property.Property, found);
                break;
            case ICoalesceOperation coalesce:
                InspectCoalesce(coalesce, found);
                break;
            case ICompoundAssignmentOperation compound when compound.Type?.SpecialType != SpecialType.System_String:
                InspectHidden(compound.GetInConversion(), compound.Target.Type, compound.Type, compound.Syntax, found);
                break;
            case IForEachLoopOperation { SemanticModel: { } model, Syntax: CommonForEachStatementSyntax syntax } loop:
                ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
                InspectHidden(info.ElementConversion, info.ElementType, (loop.LoopControlVariable as IVariableDeclaratorOperation)?.Symbol.Type, syntax.Expression, found);
                break;
            case IDeconstructionAssignmentOperation { SemanticModel: { } model, Syntax: AssignmentExpressionSyntax syntax }:
                InspectDeconstruction(model.GetDeconstructionInfo(syntax), syntax, found);
                break;
        }
    }

    // The value is converted where it is not null, and no operation shows it.
    private void InspectCoalesce(ICoalesceOperation coalesce, Findings found)
    {
        ITypeSymbol? value = coalesce.Value.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : coalesce.Value.Type;
        if (coalesce.ValueConversion is { Exists: true, IsIdentity: false } && value is not null && coalesce.Type is { } type)
        {
            InspectHidden(compilation.ClassifyConversion(value, type), value, type, coalesce.Syntax, found);
        }
    }

    private void InspectConversion(IConversionOperation operation, Findings found)
    {
        if (operation.Operand.Type is not { } source || operation.Type is not { } target || IsConcatenated(operation) || IsNullTest(operation))
        {
            return;
        }

        Conversion conversion = operation.GetConversion();
        if (conversion.IsImplicit && target.TypeKind == TypeKind.Dynamic && source.IsBoxable())
        {
            Report(source, target, operation.Syntax, found);
        }
        else
        {
            InspectHidden(conversion, source, target, operation.Syntax, found);
        }
    }

    private void InspectHidden(Conversion conversion, ITypeSymbol? source, ITypeSymbol? target, SyntaxNode syntax, Findings found)
    {
        if (source is null || target is null)
        {
            return;
        }

        if (conversion.IsBoxing)
        {
            Report(source, target, syntax, found);
        }
        else if (conversion.IsTupleConversion || conversion.IsNullable && Tuple(source) is not null)
        {
            InspectElements(source, target, syntax, found);
        }
    }

    // A tuple is converted element by element, and the operation does not show it.
    private void InspectElements(ITypeSymbol source, ITypeSymbol target, SyntaxNode syntax, Findings found)
    {
        if (Tuple(source) is not { } from || Tuple(target) is not { } to || from.TupleElements.Length != to.TupleElements.Length)
        {
            return;
        }

        for (int index = 0; index < from.TupleElements.Length; index++)
        {
            ITypeSymbol element = from.TupleElements[index].Type;
            ITypeSymbol wanted = to.TupleElements[index].Type;
            Conversion inner = compilation.ClassifyConversion(element, wanted);
            InspectHidden(inner, element, wanted, syntax, found);
            if (inner.MethodSymbol is { } method)
            {
                found.AddCall(method, receiver: null, syntax);
            }
        }
    }

    private void InspectDeconstruction(DeconstructionInfo info, AssignmentExpressionSyntax syntax, Findings found)
    {
        if (info.Conversion is { IsBoxing: true })
        {
            found.Add(Guarantees.NoGC, Rules.Boxing, syntax, "an element that is assigned to a reference type");
        }

        foreach (DeconstructionInfo nested in info.Nested)
        {
            InspectDeconstruction(nested, syntax, found);
        }
    }

    // A struct has no copy of what it inherits from Object, ValueType and Enum.
    private static void InspectReceiver(IOperation operation, IOperation? instance, ISymbol member, Findings found)
    {
        if (instance?.Type is not { } type || member.IsStatic)
        {
            return;
        }

        if (instance.Syntax is BaseExpressionSyntax)
        {
            if (type.IsValueType || member.ContainingType is { SpecialType: SpecialType.System_ValueType or SpecialType.System_Enum })
            {
                found.Add(Guarantees.NoGC, Rules.Boxing, operation.Syntax, $"'{member.Display()}' is called on the value as an object");
            }
        }
        else if (type is { IsValueType: true } and not ITypeParameterSymbol && member.ContainingType.TypeKind == TypeKind.Class && !IsHashOfEnum(type, member))
        {
            found.Add(Guarantees.NoGC, Rules.Boxing, operation.Syntax, $"'{member.Display()}' is inherited by '{type.Display()}', not overridden");
        }
    }

    // The run-time compiler knows this one and takes the number.
    private static bool IsHashOfEnum(ITypeSymbol type, ISymbol member) => type.TypeKind == TypeKind.Enum && member.Name == "GetHashCode";

    // box, compare with null: no object where a branch follows at once; else one until the method is optimised.
    private static void InspectNullTest(IOperation test, ITypeSymbol? value, Findings found)
    {
        if (value is ITypeParameterSymbol { IsReferenceType: false } && !IsCondition(test))
        {
            found.AddUnknown(Guarantees.NoGC, test.Syntax, $"'{value.Display()}' is boxed for the comparison with null until the method is optimised");
        }
    }

    private static bool IsCondition(IOperation test)
    {
        IOperation operation = test;
        while (operation.Parent is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } or IParenthesizedOperation
            or IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr })
        {
            operation = operation.Parent;
        }

        return operation.Parent is IConditionalOperation { Type: null } choice && choice.Condition == operation
            || operation.Parent is IWhileLoopOperation loop && loop.Condition == operation
            || operation.Parent is IForLoopOperation steps && steps.Condition == operation;
    }

    private static void Report(ITypeSymbol source, ITypeSymbol target, SyntaxNode syntax, Findings found)
    {
        if (source is ITypeParameterSymbol { IsValueType: false })
        {
            found.AddUnknown(Guarantees.NoGC, syntax, $"'{source.Display()}' is boxed where it is a value type");
        }
        else
        {
            found.Add(Guarantees.NoGC, Rules.Boxing, syntax, $"'{source.Display()}' becomes '{target.Display()}'");
        }
    }

    // The string is reported instead; csc calls ToString without a box.
    private static bool IsConcatenated(IConversionOperation operation) =>
        operation is
        {
            IsImplicit: true,
            Parent: IBinaryOperation { Type.SpecialType: SpecialType.System_String }
                or ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String },
        };

    // box, compare with null: the run-time compiler makes no object of it.
    private static bool IsNullTest(IConversionOperation operation) =>
        operation is { IsImplicit: true, Parent: IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test }
        && (IsNull(test.LeftOperand) || IsNull(test.RightOperand));

    private static bool IsNull(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: null };

    private static INamedTypeSymbol? Tuple(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? Tuple(nullable.TypeArguments[0])
        : type is INamedTypeSymbol { IsTupleType: true } tuple ? tuple : null;
}
