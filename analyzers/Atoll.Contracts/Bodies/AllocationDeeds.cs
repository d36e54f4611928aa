using Atoll.Analyzers;
using Atoll.Analyzers.Memory;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Objects and arrays that an operation creates itself. Boxes, strings and delegates have readers of their own.</summary>
internal sealed class AllocationDeeds(Compilation compilation)
{
    private readonly SpanData _spans = new(compilation);
    private readonly BoxingDeeds _boxes = new(compilation);
    private readonly bool _hasEmptyArray = !compilation.GetSpecialType(SpecialType.System_Array).GetMembers("Empty").IsEmpty;

    public void Inspect(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case IObjectCreationOperation or IAnonymousObjectCreationOperation or IWithOperation:
                InspectObject(operation, found);
                break;
            case ITypeParameterObjectCreationOperation { Type: { } type }:
                InspectTypeParameter(type, operation, found);
                break;
            case IArrayCreationOperation creation:
                InspectArray(creation, found);
                break;
            case ICollectionExpressionOperation expression:
                InspectCollection(expression, found);
                break;
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when element.Indices[0].Type.IsNamed("System.Range"):
                found.Add(Guarantees.NoGC, Rules.Array, operation.Syntax, "a range of an array is a copy");
                break;
            case ISlicePatternOperation { Pattern: not null, InputType: IArrayTypeSymbol }:
                found.Add(Guarantees.NoGC, Rules.Array, operation.Syntax, "the slice of an array is a copy");
                break;
            case IDynamicObjectCreationOperation or IDynamicMemberReferenceOperation or IDynamicInvocationOperation or IDynamicIndexerAccessOperation:
                found.AddUnknown(Guarantees.All, operation.Syntax, "what 'dynamic' does is known when it runs");
                break;
            default:
                _boxes.Inspect(operation, found);
                TextDeeds.Inspect(operation, found);
                DelegateDeeds.Inspect(operation, found);
                break;
        }
    }

    private static void InspectObject(IOperation operation, Findings found)
    {
        if (operation.Type is { IsReferenceType: true } type)
        {
            found.Add(Guarantees.NoGC, type.SpecialType == SpecialType.System_String ? Rules.Text : Rules.Object, operation.Syntax, type.Display());
        }
    }

    private static void InspectTypeParameter(ITypeSymbol type, IOperation operation, Findings found)
    {
        if (type.IsReferenceType)
        {
            found.Add(Guarantees.NoGC, Rules.Object, operation.Syntax, type.Display());
            found.AddUnknown(Guarantees.All & ~Guarantees.NoGC, operation.Syntax, $"the constructor of '{type.Display()}'");
        }
        else
        {
            found.AddUnknown(Guarantees.All, operation.Syntax, $"whether 'new {type.Display()}()' makes an object depends on the type argument");
        }
    }

    private void InspectArray(IArrayCreationOperation creation, Findings found)
    {
        bool isSharedEmpty = _hasEmptyArray && creation is { IsImplicit: true, Initializer.ElementValues.IsEmpty: true };
        if (!isSharedEmpty && !_spans.IsImageData(creation))
        {
            found.Add(Guarantees.NoGC, Rules.Array, creation.Syntax, creation.Type?.Display() ?? "array");
        }
    }

    private void InspectCollection(ICollectionExpressionOperation expression, Findings found)
    {
        bool isEmpty = expression.Elements.IsEmpty;
        switch (expression.Type)
        {
            case IArrayTypeSymbol array:
                if (!isEmpty)
                {
                    found.Add(Guarantees.NoGC, Rules.Array, expression.Syntax, array.Display());
                }

                break;
            case { } span when SpanData.IsSpan(span):
                if (!_spans.NeedsNoArray(expression))
                {
                    found.Add(Guarantees.NoGC, Rules.Array, expression.Syntax, "a span whose length is known when it runs");
                }

                break;
            case { IsReferenceType: true } type:
                if (!isEmpty || !IsReadOnlyInterface(type))
                {
                    found.Add(Guarantees.NoGC, Rules.Object, expression.Syntax, type.Display());
                }

                break;
            case { } other when !isEmpty && expression.ConstructMethod is not { IsStatic: true }:
                found.AddUnknown(Guarantees.All, expression.Syntax, $"how '{other.Display()}' takes its elements");
                break;
        }

        foreach (IOperation element in expression.Elements)
        {
            if (element is ISpreadOperation spread && spread.Operand.Type is not (IArrayTypeSymbol or null) && !SpanData.IsSpan(spread.Operand.Type))
            {
                found.AddUnknown(Guarantees.All, spread.Syntax, "how the spread value is enumerated");
            }
        }
    }

    // The compiler gives Array.Empty for these.
    private static bool IsReadOnlyInterface(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_IReadOnlyCollection_T or SpecialType.System_Collections_Generic_IReadOnlyList_T;
}
