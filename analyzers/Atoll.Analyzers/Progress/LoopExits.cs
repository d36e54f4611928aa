using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>A condition on which a loop ends, or starts its next turn early.</summary>
/// <param name="condition">What is asked.</param>
/// <param name="leavesWhen">The answer with which the loop is left; null where it is not left.</param>
/// <param name="isPanic">Whether leaving it ends the instance: a bound, but nothing to wait for.</param>
internal readonly struct LoopExit(IOperation condition, bool? leavesWhen, bool isPanic = false)
{
    public bool IsPanic => isPanic;

    /// <summary>The comparisons of which the condition is made.</summary>
    public IEnumerable<IOperation> Atoms => AtomsOf(condition);

    /// <summary>Says whether the loop is surely left once those atoms that satisfy the predicate want it.</summary>
    public bool IsEndedBy(Func<IOperation, bool> ends) => leavesWhen is { } outcome && IsEndedBy(condition, outcome, ends);

    private static bool IsEndedBy(IOperation condition, bool outcome, Func<IOperation, bool> ends)
    {
        switch (condition)
        {
            case IParenthesizedOperation { Operand: var inner }:
                return IsEndedBy(inner, outcome, ends);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                return IsEndedBy(negation.Operand, !outcome, ends);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both:
                bool left = IsEndedBy(both.LeftOperand, outcome, ends);
                bool right = IsEndedBy(both.RightOperand, outcome, ends);
                return both.OperatorKind == BinaryOperatorKind.ConditionalOr == outcome ? left || right : left && right;
            default:
                return ends(condition);
        }
    }

    private static IEnumerable<IOperation> AtomsOf(IOperation condition) =>
        condition switch
        {
            IParenthesizedOperation { Operand: var inner } => AtomsOf(inner),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation => AtomsOf(negation.Operand),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both =>
                AtomsOf(both.LeftOperand).Concat(AtomsOf(both.RightOperand)),
            _ => [condition],
        };
}

/// <summary>Finds the conditions that decide how often a loop turns.</summary>
internal static class LoopExits
{
    public static IEnumerable<LoopExit> Of(ILoopOperation loop)
    {
        switch (loop)
        {
            case IWhileLoopOperation { Condition: { } condition } turn when condition.ConstantValue.Value is not true:
                yield return new LoopExit(condition, leavesWhen: turn.ConditionIsUntil);
                break;
            case IForLoopOperation { Condition: { } condition } when condition.ConstantValue.Value is not true:
                yield return new LoopExit(condition, leavesWhen: false);
                break;
        }

        foreach ((IOperation jump, bool leaves) in Jumps(loop))
        {
            foreach (LoopExit guard in Guards(jump, loop, leaves))
            {
                yield return guard;
            }
        }

        foreach (IInvocationOperation call in loop.Body.Everything().OfType<IInvocationOperation>())
        {
            foreach (LoopExit panic in Panics(call, loop))
            {
                yield return panic;
            }
        }
    }

    /// <summary>Says whether the loop is meant to end at all.</summary>
    public static bool HasWayOut(ILoopOperation loop) =>
        loop is IWhileLoopOperation { Condition.ConstantValue.Value: not true } or IForLoopOperation { Condition.ConstantValue.Value: not true }
        || Jumps(loop).Any(static jump => jump.Leaves);

    private static IEnumerable<(IOperation Jump, bool Leaves)> Jumps(ILoopOperation loop) =>
        loop.Body.Everything().Where(static operation => operation is IBranchOperation or IReturnOperation { IsImplicit: false })
            .Select(jump => (Jump: jump, Leaves: Leaves(jump, loop)))
            .Where(static jump => jump.Leaves is not null)
            .Select(static jump => (jump.Jump, jump.Leaves!.Value));

    private static IEnumerable<LoopExit> Panics(IInvocationOperation call, ILoopOperation loop) =>
        Waiting.IsCheck(call.TargetMethod) ? [new LoopExit(call.Arguments[0].Value, leavesWhen: false, isPanic: true)]
        : Waiting.IsPanic(call.TargetMethod) ? Guards(call, loop, leaves: true, isPanic: true)
        : [];

    // True when the jump leaves the loop, false when it starts the next turn, null when it stays inside a turn.
    private static bool? Leaves(IOperation jump, ILoopOperation loop)
    {
        for (IOperation? scope = jump.Parent; scope is not null && scope != loop; scope = scope.Parent)
        {
            if (scope is ILocalFunctionOperation or IAnonymousFunctionOperation)
            {
                return null;
            }
        }

        return jump is not IBranchOperation branch ? true
            : SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel) ? true
            : SymbolEqualityComparer.Default.Equals(branch.Target, loop.ContinueLabel) ? false
            : branch.BranchKind == BranchKind.GoTo ? !IsInside(branch.Target, loop)
            : null;
    }

    private static bool IsInside(ILabelSymbol label, ILoopOperation loop) =>
        loop.Body.Everything().OfType<ILabeledOperation>()
            .Any(place => SymbolEqualityComparer.Default.Equals(place.Label, label));

    private static IEnumerable<LoopExit> Guards(IOperation jump, ILoopOperation loop, bool leaves, bool isPanic = false)
    {
        IOperation inner = jump;
        for (IOperation? outer = jump.Parent; outer is not null && outer != loop; inner = outer, outer = outer.Parent)
        {
            switch (outer)
            {
                case IConditionalOperation choice when inner != choice.Condition:
                    yield return new LoopExit(choice.Condition, leaves ? inner == choice.WhenTrue : null, isPanic);
                    break;
                case ISwitchOperation choice when inner != choice.Value:
                    yield return new LoopExit(choice.Value, leaves ? true : null, isPanic);
                    break;
            }
        }
    }
}
