using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>Which variables may own a value and which may have been moved from, along the paths of one function.</summary>
internal sealed class OwnershipFlow : ForwardFlow
{
    private const int Full = 1;
    private const int Moved = 2;

    private readonly Dictionary<CaptureId, HashSet<ISymbol>> _captured = [];
    private readonly HashSet<CaptureId> _takenOver = [];
    private readonly ISymbol _function;

    private OwnershipFlow(ISymbol function, ControlFlowGraph graph)
        : base(graph) => _function = function;

    /// <summary>Places that use a variable which may have been moved from.</summary>
    public HashSet<(IOperation Place, ISymbol Variable)> UsedAfterMove { get; } = [];

    /// <summary>Places where the last chance to consume a value goes by.</summary>
    public HashSet<(Location Place, string What)> Lost { get; } = [];

    /// <summary>Walks every function of the member.</summary>
    public static IEnumerable<OwnershipFlow> Of(OperationBlockAnalysisContext context)
    {
        if (!context.Everything().Any(static operation => Owned.IsOwned(operation.Type))
            && !ParametersOf(context.OwningSymbol).Any(static parameter => Owned.IsOwned(parameter.Type)))
        {
            yield break;
        }

        foreach ((ISymbol function, ControlFlowGraph graph) in FunctionGraphs.Of(context))
        {
            var flow = new OwnershipFlow(function, graph);
            flow.Walk();
            yield return flow;
        }
    }

    protected override PossibleStates Step(IOperation step, PossibleStates state)
    {
        FindDropped(step);
        return step switch
        {
            ILocalReferenceOperation or IParameterReferenceOperation => Reach(step, state),
            IFlowCaptureReferenceOperation reference => ReachCaptured(reference, state),
            ISimpleAssignmentOperation assignment => Fill(assignment.Target, step, state),
            IArgumentOperation { Parameter.RefKind: RefKind.Out } argument => Fill(argument.Value, step, state),
            _ => state,
        };
    }

    private void Walk()
    {
        FindTakenOver();
        PossibleStates entry = PossibleStates.None;
        foreach (IParameterSymbol parameter in ParametersOf(_function))
        {
            if (parameter.RefKind == RefKind.None && Owned.IsOwned(parameter.Type))
            {
                entry = entry.With(parameter, Full);
            }
        }

        foreach (KeyValuePair<ISymbol, int> end in Run(entry)?.All ?? [])
        {
            // The mint's own members are where a value ends.
            bool isEnded = end.Key is IParameterSymbol { Type: var type } && Owned.IsMint(_function, type);
            if ((end.Value & Full) != 0 && IsLinear(end.Key) && !isEnded)
            {
                Lost.Add((end.Key.Place(), end.Key.Name));
            }
        }
    }

    private static IEnumerable<IParameterSymbol> ParametersOf(ISymbol function) =>
        ((function as IMethodSymbol)?.Parameters ?? []).Concat(function.ExtendedAs() is { } extended ? [extended] : []);

    // The graph keeps operands that are evaluated early. What happens to them is decided where they are used.
    private void FindTakenOver()
    {
        foreach (IOperation step in Graph.Everything())
        {
            switch (step)
            {
                // What only a call takes over that csc may leave out stays where it is.
                case IFlowCaptureReferenceOperation { Parent: IArgumentOperation { Parent: { } call } }
                    when Erasures.Of(call) != Erasure.Never:
                    break;
                case IFlowCaptureReferenceOperation reference when OwnedUse.Of(reference) == Use.Move:
                    _takenOver.Add(reference.Id);
                    break;
                case IFlowCaptureOperation capture when OwnedPlace.Variable(capture.Value) is { } variable:
                    if (!_captured.TryGetValue(capture.Id, out HashSet<ISymbol>? variables))
                    {
                        _captured.Add(capture.Id, variables = new(SymbolEqualityComparer.Default));
                    }

                    variables.Add(variable);
                    break;
            }
        }
    }

    private PossibleStates Reach(IOperation reference, PossibleStates state)
    {
        if (!Owned.IsOwned(reference.Type) || OwnedPlace.Variable(reference) is not { } variable || reference.IsInNameOf())
        {
            return state;
        }

        Use use = OwnedUse.Of(reference);
        if (use == Use.Write || reference is ILocalReferenceOperation { IsDeclaration: true })
        {
            return state;
        }

        if ((state[variable] & Moved) != 0)
        {
            UsedAfterMove.Add((reference, variable));
        }

        // '_ = x' is no owner.
        if (use == Use.Discard && (state[variable] & Full) != 0 && IsLinear(variable))
        {
            Lost.Add((reference.Syntax.GetLocation(), variable.Name));
        }

        bool isMoved = use is Use.Move or Use.Discard
            || use == Use.Capture && reference.Parent is IFlowCaptureOperation capture && _takenOver.Contains(capture.Id);
        return isMoved ? state.With(variable, Moved) : state;
    }

    // 'a.F(b ? G(a) : 0)': the receiver was found before and is used after.
    private PossibleStates ReachCaptured(IFlowCaptureReferenceOperation reference, PossibleStates state)
    {
        if (!_takenOver.Contains(reference.Id) && _captured.TryGetValue(reference.Id, out HashSet<ISymbol>? variables))
        {
            foreach (ISymbol variable in variables.Where(variable => (state[variable] & Moved) != 0))
            {
                UsedAfterMove.Add((reference, variable));
            }
        }

        return state;
    }

    private PossibleStates Fill(IOperation target, IOperation place, PossibleStates state)
    {
        if (OwnedPlace.Variable(target) is not { } variable || !Owned.IsOwned(target.Type)
            || place is ISimpleAssignmentOperation { IsRef: true })
        {
            return state;
        }

        if ((state[variable] & Full) != 0 && IsLinear(variable))
        {
            // The next round of a loop declares it again; what the last one left is lost where it was declared.
            bool isDeclared = target is ILocalReferenceOperation { IsDeclaration: true } or IDeclarationExpressionOperation;
            Lost.Add((isDeclared ? variable.Place() : place.Syntax.GetLocation(), variable.Name));
        }

        return state.With(variable, Full);
    }

    // A value that no variable ever held: what a call returns, and what it hands out to 'out _' or '(_, x) = …'.
    private void FindDropped(IOperation step)
    {
        bool isDropped = Owned.IsLinear(step.Type) && (step is IDiscardOperation
            ? step.Parent is not ISimpleAssignmentOperation
            : OwnedPlace.IsFresh(step) && OwnedUse.Of(step) is Use.Discard or Use.Borrow);
        if (isDropped)
        {
            Lost.Add((step.Syntax.GetLocation(), step.Syntax.ToString()));
        }
    }

    private static bool IsLinear(ISymbol variable) =>
        Owned.IsLinear(variable switch
        {
            ILocalSymbol local => local.Type,
            IParameterSymbol parameter => parameter.Type,
            _ => null,
        });
}
