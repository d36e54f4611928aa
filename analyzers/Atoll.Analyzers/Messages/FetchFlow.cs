using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Messages;

/// <summary>Which fields of a message were read through one pointer, along the paths of one function.</summary>
internal sealed class FetchFlow : ForwardFlow
{
    private const int Fetched = 1;

    private readonly ISymbol _pointer;
    private readonly HashSet<IOperation> _found = [];

    private FetchFlow(ControlFlowGraph graph, ISymbol pointer)
        : base(graph) => _pointer = pointer;

    /// <summary>The second and later reads of a field through the same pointer, in source order.</summary>
    public static IEnumerable<(IOperation Place, ISymbol Pointer)> FindRepeated(ControlFlowGraph graph)
    {
        IEnumerable<ISymbol> pointers = graph.Everything().Select(Pointer).OfType<ISymbol>()
            .Distinct<ISymbol>(SymbolEqualityComparer.Default);
        foreach (ISymbol pointer in pointers)
        {
            var flow = new FetchFlow(graph, pointer);
            flow.Run(PossibleStates.None);
            foreach (IOperation place in flow._found.OrderBy(static place => place.Syntax.SpanStart))
            {
                yield return (place, pointer);
            }
        }
    }

    /// <summary>The variable through which the operation reads a field of a message, or null.</summary>
    public static ISymbol? Pointer(IOperation operation)
    {
        if (operation is not IFieldReferenceOperation { Instance: { Kind: OperationKind.None } target } field
            || !MessageLayout.IsMessage(field.Field.ContainingType) || target.ChildOperations.Count != 1)
        {
            return null;
        }

        return Variable(target.ChildOperations.First());
    }

    protected override PossibleStates Step(IOperation step, PossibleStates state)
    {
        if (Pointer(step) is { } pointer && SymbolEqualityComparer.Default.Equals(pointer, _pointer) && IsRead(step))
        {
            ISymbol field = ((IFieldReferenceOperation)step).Field;
            if (state[field] != 0)
            {
                _found.Add(step);
            }

            return state.With(field, Fetched);
        }

        bool isMoved = step is ISimpleAssignmentOperation { Target: var target } && IsPointer(target)
            || step is IIncrementOrDecrementOperation { Target: var moved } && IsPointer(moved)
            || step is ICompoundAssignmentOperation { Target: var shifted } && IsPointer(shifted);
        return isMoved ? PossibleStates.None : state;
    }

    private bool IsPointer(IOperation target) => SymbolEqualityComparer.Default.Equals(Variable(target), _pointer);

    // '&p->X' and 'ref p->X' are for whoever reads it; 'p->X.Y' is judged by what is read of it.
    private static bool IsRead(IOperation field) =>
        !field.IsOnlyWritten()
            && field.Parent is not (IAddressOfOperation or INameOfOperation)
            && field.Parent is not IArgumentOperation { Parameter.RefKind: not RefKind.None }
            && !(field.Parent is IFieldReferenceOperation outer && outer.Instance == field);

    private static ISymbol? Variable(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };
}
