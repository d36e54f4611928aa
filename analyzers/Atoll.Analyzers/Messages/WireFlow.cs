using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Messages;

/// <summary>Which values from messages may not have been compared with anything, along the paths of one function.</summary>
internal sealed class WireFlow : ForwardFlow
{
    private const int Unchecked = 1;

    private readonly HashSet<IOperation> _found = [];

    private WireFlow(ControlFlowGraph graph)
        : base(graph)
    {
    }

    /// <summary>Says whether the operation reads a field of a message, at any depth.</summary>
    public static bool IsWireField(IOperation operation)
    {
        for (IOperation? place = operation; place is IFieldReferenceOperation { Field: var field } reference;
            place = reference.Instance)
        {
            if (!field.IsStatic && MessageLayout.IsMessage(field.ContainingType))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Indices that may be unchecked, in source order.</summary>
    public static IEnumerable<IOperation> FindUnchecked(ControlFlowGraph graph)
    {
        var flow = new WireFlow(graph);
        PossibleStates entry = PossibleStates.None;
        foreach (IFieldReferenceOperation read in graph.Everything().OfType<IFieldReferenceOperation>().Where(IsWireField))
        {
            entry = entry.With(read.Field, Unchecked);
        }

        flow.Run(entry);
        return flow._found.OrderBy(static index => index.Syntax.SpanStart);
    }

    protected override PossibleStates Step(IOperation step, PossibleStates state)
    {
        foreach (IOperation index in Indices(step))
        {
            if (Value(index) is { } value && state[value] != 0)
            {
                _found.Add(index);
            }
        }

        if (step is ISimpleAssignmentOperation assignment
            && ((assignment.Target as ILocalReferenceOperation)?.Local ?? Captured(assignment.Target)) is { } target)
        {
            return state.With(target, Value(assignment.Value) is { } source ? state[source] : 0);
        }

        // Whoever is asked about it checks it.
        return step is IArgumentOperation { Parameter.RefKind: RefKind.None, Parent: IInvocationOperation } argument
            && Value(argument.Value) is { } given
            ? state.With(given, 0)
            : state;
    }

    protected override PossibleStates Assume(IOperation condition, bool outcome, PossibleStates state)
    {
        PossibleStates known = state;
        foreach (IOperation part in condition.Everything())
        {
            if (Symbol(part) is { } value)
            {
                known = known.With(value, 0);
            }
        }

        return known;
    }

    private static IEnumerable<IOperation> Indices(IOperation access) =>
        access switch
        {
            IArrayElementReferenceOperation array => array.Indices,
            IInlineArrayAccessOperation inline => [inline.Argument],
            IPropertyReferenceOperation { Property.IsIndexer: true } indexer =>
                indexer.Arguments.Select(static argument => argument.Value),

            // 'p[i]' has no kind of its own: a pointer, then an index.
            { Kind: OperationKind.None, ChildOperations.Count: 2 }
                when access.ChildOperations.First().Type is IPointerTypeSymbol => [access.ChildOperations.Last()],
            _ => [],
        };

    private static ISymbol? Value(IOperation operation) =>
        operation switch
        {
            IConversionOperation { OperatorMethod: null } conversion => Value(conversion.Operand),
            _ => Symbol(operation),
        };

    private static ISymbol? Symbol(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IFieldReferenceOperation field when IsWireField(field) => field.Field,
            _ => null,
        };
}
