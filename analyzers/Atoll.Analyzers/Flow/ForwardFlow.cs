using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Atoll.Analyzers.Flow;

/// <summary>Runs over the control-flow graph of one function until no state changes.</summary>
/// <remarks>
/// States only ever grow, so what a visit finds on the way still holds at the end: a rule may report at once, if it
/// reports each place once. A <c>finally</c> (of <c>using</c>) is walked anew for each way into it. Nothing throws in
/// a kernel, so there are no edges into handlers.
/// </remarks>
internal abstract class ForwardFlow(ControlFlowGraph graph)
{
    protected ControlFlowGraph Graph { get; } = graph;

    /// <summary>The states in which the function ends, or null when it never does.</summary>
    public PossibleStates? Run(PossibleStates entry) => Walk(Graph.Blocks[0], entry);

    /// <summary>The state after a statement or a condition.</summary>
    protected abstract PossibleStates Visit(IOperation operation, PossibleStates before);

    /// <summary>The state on the edge where a condition came out one way.</summary>
    protected virtual PossibleStates Assume(IOperation condition, bool outcome, PossibleStates state) => state;

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
