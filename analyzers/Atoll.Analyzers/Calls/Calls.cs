using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Calls;

/// <summary>
/// Which methods an operation calls, whatever the syntax: an operator is a call, and so is <c>foreach</c>.
/// </summary>
internal static class Calls
{
    /// <summary>The kinds that <see cref="Of"/> understands.</summary>
    public static readonly ImmutableArray<OperationKind> Kinds =
    [
        OperationKind.Invocation,
        OperationKind.ObjectCreation,
        OperationKind.PropertyReference,
        OperationKind.EventAssignment,
        OperationKind.MethodReference,
        OperationKind.Binary,
        OperationKind.Unary,
        OperationKind.Increment,
        OperationKind.Decrement,
        OperationKind.CompoundAssignment,
        OperationKind.Conversion,
        OperationKind.CollectionExpression,
        OperationKind.ImplicitIndexerReference,
        OperationKind.Loop,
        OperationKind.Using,
        OperationKind.UsingDeclaration,
        OperationKind.DeconstructionAssignment,
        OperationKind.RecursivePattern,
        OperationKind.ListPattern,
        OperationKind.SlicePattern,
        OperationKind.With,
    ];

    /// <summary>The methods called, not those of the operation's children.</summary>
    public static IEnumerable<IMethodSymbol> Of(IOperation operation, Compilation compilation)
    {
        foreach (ISymbol? symbol in Symbols(operation, compilation))
        {
            if (symbol is IMethodSymbol method)
            {
                yield return method;
            }
        }
    }

    /// <summary>The method that <c>using</c> calls on a resource of this type, if it has one.</summary>
    public static IMethodSymbol? Disposal(Compilation compilation, ITypeSymbol type)
    {
        for (ITypeSymbol? scope = type; scope is not null; scope = scope.BaseType)
        {
            if (scope.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(IsDispose) is { } method)
            {
                return method;
            }
        }

        return compilation.GetSpecialType(SpecialType.System_IDisposable)
            .GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault();

        static bool IsDispose(IMethodSymbol method) =>
            method is { Parameters.IsEmpty: true, IsStatic: false, Arity: 0 };
    }

    private static IEnumerable<ISymbol?> Symbols(IOperation operation, Compilation compilation) =>
        operation switch
        {
            IInvocationOperation call => [call.TargetMethod],
            IObjectCreationOperation creation => [creation.Constructor],
            IPropertyReferenceOperation property => Accessors(property),
            IEventAssignmentOperation { EventReference: IEventReferenceOperation reference } assignment =>
                [assignment.Adds ? reference.Event.AddMethod : reference.Event.RemoveMethod],
            IMethodReferenceOperation reference => [reference.Method],
            IBinaryOperation binary => [binary.OperatorMethod],
            IUnaryOperation unary => [unary.OperatorMethod],
            IIncrementOrDecrementOperation step => [step.OperatorMethod],
            ICompoundAssignmentOperation compound => [compound.OperatorMethod],
            IConversionOperation conversion => [conversion.OperatorMethod],
            ICollectionExpressionOperation expression => [expression.ConstructMethod],
            IImplicitIndexerReferenceOperation indexer =>
                [.. Readers(indexer.LengthSymbol), .. Readers(indexer.IndexerSymbol)],
            IForEachLoopOperation loop => Enumeration(loop),
            IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => Disposals(group, compilation),
            IUsingOperation { Resources.Type: { } type } => [Disposal(compilation, type)],
            IUsingDeclarationOperation declaration => Disposals(declaration.DeclarationGroup, compilation),
            IDeconstructionAssignmentOperation deconstruction => Deconstruction(deconstruction),
            IRecursivePatternOperation pattern => [pattern.DeconstructSymbol],
            IListPatternOperation pattern => [.. Readers(pattern.LengthSymbol), .. Readers(pattern.IndexerSymbol)],
            ISlicePatternOperation pattern => Readers(pattern.SliceSymbol),
            IWithOperation with => [with.CloneMethod],
            _ => [],
        };

    private static IEnumerable<ISymbol?> Readers(ISymbol? symbol) =>
        symbol is IPropertySymbol property ? [property.GetMethod] : [symbol];

    private static IEnumerable<ISymbol?> Accessors(IPropertyReferenceOperation reference)
    {
        IPropertySymbol property = reference.Property;
        if (property.RefKind != RefKind.None)
        {
            return [property.GetMethod];
        }

        IOperation operand = reference;
        while (operand.Parent is ITupleOperation tuple)
        {
            operand = tuple;
        }

        return operand.Parent switch
        {
            ICompoundAssignmentOperation compound when compound.Target == operand =>
                [property.GetMethod, property.SetMethod],
            ICoalesceAssignmentOperation coalesce when coalesce.Target == operand =>
                [property.GetMethod, property.SetMethod],
            IIncrementOrDecrementOperation => [property.GetMethod, property.SetMethod],
            IAssignmentOperation assignment when assignment.Target == operand => [property.SetMethod],
            _ => [property.GetMethod],
        };
    }

    /// <summary>The method that <c>foreach</c> gets its enumerator from.</summary>
    public static IMethodSymbol? Enumerator(IForEachLoopOperation loop) =>
        loop is { Syntax: CommonForEachStatementSyntax syntax, SemanticModel: { } model }
            ? model.GetForEachStatementInfo(syntax).GetEnumeratorMethod
            : null;

    private static IEnumerable<ISymbol?> Enumeration(IForEachLoopOperation loop)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || loop.SemanticModel is not { } model
            || loop.SourceType() is IArrayTypeSymbol)
        {
            return [];
        }

        ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
        return [info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod,
            info.ElementConversion.MethodSymbol];
    }

    private static IEnumerable<ISymbol?> Disposals(IVariableDeclarationGroupOperation group, Compilation compilation) =>
        group.Declarations.SelectMany(static declaration => declaration.Declarators)
            .Select(declarator => Disposal(compilation, declarator.Symbol.Type));

    private static IEnumerable<ISymbol?> Deconstruction(IDeconstructionAssignmentOperation operation)
    {
        if (operation.Syntax is not AssignmentExpressionSyntax syntax || operation.SemanticModel is not { } model)
        {
            yield break;
        }

        var pending = new Stack<DeconstructionInfo>();
        pending.Push(model.GetDeconstructionInfo(syntax));
        while (pending.Count > 0)
        {
            DeconstructionInfo info = pending.Pop();
            yield return info.Method;
            yield return info.Conversion?.MethodSymbol;
            foreach (DeconstructionInfo nested in info.Nested)
            {
                pending.Push(nested);
            }
        }
    }
}
