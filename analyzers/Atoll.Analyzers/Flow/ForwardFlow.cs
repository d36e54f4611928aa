using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Flow;

/// <summary>Runs over the control-flow graph of one function until no state changes.</summary>
/// <remarks>
/// States only ever grow, so what a visit finds on the way still holds at the end: a rule may report at once, if it
/// reports each place once. A <c>finally</c> (of <c>using</c>) is walked anew for each way into it. Nothing throws in
/// a kernel, so there are no edges into handlers.
/// </remarks>
internal abstract class ForwardFlow(ControlFlowGraph graph)
{
    // Of an assignment whose right side branches, the compiler keeps the target first; of a switch, the value.
    private readonly Dictionary<CaptureId, ISymbol?> _captured = CapturedIn(graph);
    private readonly HashSet<CaptureId> _targets = [.. graph.Everything().OfType<ISimpleAssignmentOperation>()
        .Select(static assignment => assignment.Target).OfType<IFlowCaptureReferenceOperation>().Select(static target => target.Id)];

    protected ControlFlowGraph Graph { get; } = graph;

    /// <summary>The states in which the function ends, or null when it never does.</summary>
    public PossibleStates? Run(PossibleStates entry) => Walk(Graph.Blocks[0], entry);

    /// <summary>The state after one operation of a statement or a condition; what it is made of came before.</summary>
    protected abstract PossibleStates Step(IOperation step, PossibleStates state);

    /// <summary>The state on the edge where a condition came out one way.</summary>
    protected virtual PossibleStates Assume(IOperation condition, bool outcome, PossibleStates state) => state;

    /// <summary>The local or parameter by value that the compiler has put aside as this, or null.</summary>
    protected ISymbol? Captured(IOperation operation) =>
        operation is IFlowCaptureReferenceOperation reference && _captured.TryGetValue(reference.Id, out ISymbol? variable)
            ? variable
            : null;

    /// <summary>Says whether a variable is put aside only to be assigned to.</summary>
    protected bool IsCapturedTarget(IOperation reference) =>
        reference.Parent is IFlowCaptureOperation capture && _targets.Contains(capture.Id);

    private static Dictionary<CaptureId, ISymbol?> CapturedIn(ControlFlowGraph graph)
    {
        var captured = new Dictionary<CaptureId, ISymbol?>();
        foreach (IFlowCaptureOperation capture in graph.Everything().OfType<IFlowCaptureOperation>())
        {
            ISymbol? variable = capture.Value switch
            {
                ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
                IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
                _ => null,
            };
            bool isAnother = captured.TryGetValue(capture.Id, out ISymbol? known)
                && !SymbolEqualityComparer.Default.Equals(known, variable);
            captured[capture.Id] = isAnother ? null : variable;
        }

        return captured;
    }

    // What csc erases does not run, and neither do its arguments.
    private PossibleStates Visit(IOperation operation, PossibleStates before)
    {
        Erasure erasure = Erasures.Of(operation);
        if (erasure == Erasure.Always)
        {
            return before;
        }

        PossibleStates state = before;
        foreach (IOperation child in operation.ChildOperations)
        {
            state = Visit(child, state);
        }

        state = Step(operation, state);
        return erasure == Erasure.Perhaps ? before.Or(state) : state;
    }

    private PossibleStates? Walk(BasicBlock start, PossibleStates entry)
    {
        var entries = new Dictionary<int, PossibleStates> { [start.Ordinal] = entry };
        var pending = new Queue<BasicBlock>();
        PossibleStates? end = null;
        pending.Enqueue(start);

        while (pending.Count > 0)
        {
            BasicBlock block = pending.Dequeue();
            PossibleStates state = Through(block, entries[block.Ordinal]);
            if (block.Kind == BasicBlockKind.Exit)
            {
                end = Join(end, state);
            }

            foreach ((ControlFlowBranch branch, PossibleStates along) in Leave(block, state))
            {
                if (branch.Destination is not { } next)
                {
                    // The end of a finally: the walk that came in goes on from there.
                    end = branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling
                        ? Join(end, along)
                        : end;
                    continue;
                }

                PossibleStates? known = entries.TryGetValue(next.Ordinal, out PossibleStates? earlier) ? earlier : null;
                PossibleStates joined = Join(known, along);
                if (!joined.Equals(known))
                {
                    entries[next.Ordinal] = joined;
                    pending.Enqueue(next);
                }
            }
        }

        return end;
    }

    private PossibleStates Through(BasicBlock block, PossibleStates state)
    {
        foreach (IOperation operation in block.Operations)
        {
            state = Visit(operation, state);
        }

        return block.BranchValue is { } value ? Visit(value, state) : state;
    }

    private IEnumerable<(ControlFlowBranch Branch, PossibleStates State)> Leave(BasicBlock block, PossibleStates state)
    {
        bool whenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
        bool? known = block.ConditionKind == ControlFlowConditionKind.None
            ? null
            : block.BranchValue?.ConstantValue.Value as bool?;
        if (known != !whenTrue && block.ConditionalSuccessor is { } conditional
            && ThroughFinally(conditional, Assume(block.BranchValue!, whenTrue, state)) is { } taken)
        {
            yield return (conditional, taken);
        }

        if ((known is null || known != whenTrue) && block.FallThroughSuccessor is { } fallThrough)
        {
            PossibleStates assumed = block.ConditionKind == ControlFlowConditionKind.None
                ? state
                : Assume(block.BranchValue!, !whenTrue, state);
            if (ThroughFinally(fallThrough, assumed) is { } passed)
            {
                yield return (fallThrough, passed);
            }
        }
    }

    private PossibleStates? ThroughFinally(ControlFlowBranch branch, PossibleStates state)
    {
        PossibleStates? current = state;
        foreach (ControlFlowRegion region in branch.FinallyRegions)
        {
            current = current is null ? null : Walk(Graph.Blocks[region.FirstBlockOrdinal], current);
        }

        return current;
    }

    private static PossibleStates Join(PossibleStates? known, PossibleStates more) => known?.Or(more) ?? more;
}
