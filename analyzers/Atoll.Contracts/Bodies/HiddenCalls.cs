using Atoll.Analyzers;
using Atoll.Analyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>The calls of an operation with what each is called on.</summary>
internal sealed class HiddenCalls(Compilation compilation)
{
    public void Inspect(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case IMethodReferenceOperation:
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke }:
                return;
            case IForEachLoopOperation { IsAsynchronous: true } or IUsingOperation { IsAsynchronous: true } or IUsingDeclarationOperation { IsAsynchronous: true }:
                found.AddUnknown(Guarantees.All, operation.Syntax.GetFirstToken().Parent!, "await: it allocates when it has to wait");
                return;
            case IForEachLoopOperation loop:
                InspectLoop(loop, found);
                return;
            case ITupleBinaryOperation tuples:
                InspectTuples(tuples.LeftOperand.Type, tuples.RightOperand.Type, tuples, found);
                return;
        }

        ITypeSymbol? receiver = ReceiverOf(operation);

        // The object has been reported; what its constructor allocates beside it is no news.
        Guarantees known = operation is IObjectCreationOperation { Type.IsReferenceType: true } ? Guarantees.NoGC : Guarantees.None;
        bool isBase = IsBaseCall(operation);
        foreach (IMethodSymbol callee in Calls.Of(operation, compilation))
        {
            // C# has these two in its own definition; the compiler emits no call of user code.
            if (callee.ContainingType is { SpecialType: SpecialType.System_Object } && callee.MethodKind == MethodKind.Constructor
                || callee is { ContainingType.SpecialType: SpecialType.System_String, MethodKind: MethodKind.BuiltinOperator })
            {
                continue;
            }

            bool hasReceiver = !callee.IsStatic && !isBase && callee.MethodKind != MethodKind.Constructor;
            found.AddCall(callee, hasReceiver ? receiver ?? callee.ContainingType : null, SyntaxOf(operation), ArgumentFacts.Of(operation), known);
        }

        InspectConversions(operation, found);
    }

    private static void InspectConversions(IOperation operation, Findings found)
    {
        IMethodSymbol?[] methods = operation switch
        {
            ICoalesceOperation coalesce => [coalesce.ValueConversion.MethodSymbol],
            ICompoundAssignmentOperation compound => [compound.InConversion.MethodSymbol, compound.OutConversion.MethodSymbol],
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr, OperatorMethod: { } method } =>
                [.. method.ContainingType.GetMembers("op_True").Concat(method.ContainingType.GetMembers("op_False")).OfType<IMethodSymbol>()],
            _ => [],
        };
        foreach (IMethodSymbol? method in methods)
        {
            if (method is not null)
            {
                found.AddCall(method, receiver: null, operation.Syntax);
            }
        }
    }

    private static void InspectLoop(IForEachLoopOperation loop, Findings found)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || loop.SemanticModel is not { } model
            || loop.SourceType() is IArrayTypeSymbol or { SpecialType: SpecialType.System_String })
        {
            return;
        }

        ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
        ITypeSymbol? enumerator = info.GetEnumeratorMethod?.ReturnType;
        SyntaxNode where = syntax.Expression;
        Add(info.GetEnumeratorMethod, loop.SourceType());
        Add(info.MoveNextMethod, enumerator);
        Add(info.CurrentProperty?.GetMethod, enumerator);
        Add(Disposal(info.DisposeMethod, enumerator), enumerator);
        Add(info.ElementConversion.MethodSymbol, receiver: null);

        void Add(IMethodSymbol? method, ITypeSymbol? receiver)
        {
            if (method is not null)
            {
                found.AddCall(method, method.IsStatic ? null : receiver ?? method.ContainingType, where);
            }
        }
    }

    // What runs in a struct, when the statement names the interface's: its own, shown in public or not.
    private static IMethodSymbol? Disposal(IMethodSymbol? dispose, ITypeSymbol? enumerator) =>
        dispose is { ContainingType.TypeKind: TypeKind.Interface } && enumerator is { IsValueType: true }
            ? enumerator.FindImplementationForInterfaceMember(dispose) as IMethodSymbol ?? dispose
            : dispose;

    // (a, b) == (c, d) compares element by element, and the operation does not show with what.
    private void InspectTuples(ITypeSymbol? left, ITypeSymbol? right, ITupleBinaryOperation operation, Findings found)
    {
        if (left is not INamedTypeSymbol { IsTupleType: true } one || right is not INamedTypeSymbol { IsTupleType: true } other)
        {
            return;
        }

        foreach ((IFieldSymbol mine, IFieldSymbol theirs) in one.TupleElements.Zip(other.TupleElements, static (a, b) => (a, b)))
        {
            if (mine.Type is INamedTypeSymbol { IsTupleType: true })
            {
                InspectTuples(mine.Type, theirs.Type, operation, found);
            }
            else if (!TameTypes.Contains(mine.Type) || !TameTypes.Contains(theirs.Type))
            {
                IMethodSymbol? equality = mine.Type.GetMembers("op_Equality").OfType<IMethodSymbol>().FirstOrDefault();
                if (equality is not null)
                {
                    found.AddCall(equality, receiver: null, operation.Syntax);
                }
                else if (mine.Type.IsValueType || mine.Type is ITypeParameterSymbol)
                {
                    found.AddUnknown(Guarantees.All, operation.Syntax, $"how two '{mine.Type.Display()}' are compared");
                }
            }
        }
    }

    private static bool IsBaseCall(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => call.Instance?.Syntax is BaseExpressionSyntax || !call.IsVirtual && call.TargetMethod.IsOverride,
            IPropertyReferenceOperation property => property.Instance?.Syntax is BaseExpressionSyntax,
            _ => false,
        };

    private static ITypeSymbol? ReceiverOf(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => call.Instance?.Type ?? call.ConstrainedToType,
            IPropertyReferenceOperation property => property.Instance?.Type,
            IEventAssignmentOperation { EventReference: IEventReferenceOperation reference } => reference.Instance?.Type,
            IImplicitIndexerReferenceOperation indexer => indexer.Instance.Type,
            IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => VariableType(group),
            IUsingOperation { Resources.Type: { } type } => type,
            IUsingDeclarationOperation declaration => VariableType(declaration.DeclarationGroup),
            IPatternOperation pattern => pattern.NarrowedType,
            _ => null,
        };

    private static ITypeSymbol? VariableType(IVariableDeclarationGroupOperation group) =>
        group.Declarations.SelectMany(static declaration => declaration.Declarators).FirstOrDefault()?.Symbol.Type;

    private static SyntaxNode SyntaxOf(IOperation operation) =>
        operation switch
        {
            IUsingOperation statement => statement.Resources.Syntax,
            IUsingDeclarationOperation declaration => declaration.DeclarationGroup.Syntax,
            _ => operation.Syntax,
        };
}
