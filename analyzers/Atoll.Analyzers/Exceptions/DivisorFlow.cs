using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Exceptions;

/// <summary>Which divisors are not proved good, along the paths of one function.</summary>
/// <remarks>
/// What is proved is a local or a parameter by value; a field is another's to change, and so is a variable with a second name.
/// </remarks>
internal sealed class DivisorFlow : ForwardFlow
{
    private readonly Dictionary<IOperation, (IOperation Divisor, DivisorFault Faults)> _found = [];

    // What the compiler keeps between the branches of '?:'. Grows only, like all states.
    private readonly Dictionary<CaptureId, DivisorFault> _captures = [];

    private readonly ISymbol _function;
    private readonly OpenVariables _open;

    private DivisorFlow(ISymbol function, ControlFlowGraph graph, OpenVariables open)
        : base(graph) => (_function, _open) = (function, open);

    /// <summary>Each division whose divisor may be bad, in source order.</summary>
    public static IEnumerable<(IOperation Divisor, DivisorFault Faults)> Find(
        ISymbol function, ControlFlowGraph graph, OpenVariables open)
    {
        var flow = new DivisorFlow(function, graph, open);
        PossibleStates entry = PossibleStates.None;
        foreach (IOperation operation in graph.Everything())
        {
            if (flow.Variable(operation) is { } variable)
            {
                entry = entry.With(variable, (int)Divisors.OfType(operation.Type));
            }
        }

        // Captures are not part of the state: a walk that found more about one is followed by another that knows it.
        int known;
        do
        {
            known = flow._captures.Values.Sum(static faults => (int)faults);
            flow.Run(entry);
        }
        while (flow._captures.Values.Sum(static faults => (int)faults) != known);

        return flow._found.Values.OrderBy(static found => found.Divisor.Syntax.SpanStart);
    }

    /// <summary>Says whether a function with this operation is worth a walk.</summary>
    public static bool Concerns(IOperation operation) =>
        Division(operation) is { } division && !IsGoodConstant(division.Divisor);

    protected override PossibleStates Assume(IOperation condition, bool outcome, PossibleStates state)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                return Assume(negation.Operand, !outcome, state);
            case IBinaryOperation { RightOperand.ConstantValue: { HasValue: true, Value: { } right } } comparison:
                return Assume(comparison.LeftOperand, comparison.OperatorKind, right, outcome, state);
            case IBinaryOperation { LeftOperand.ConstantValue: { HasValue: true, Value: { } left } } comparison:
                return Assume(comparison.RightOperand, Divisors.Mirrored(comparison.OperatorKind), left, outcome, state);
            case IIsPatternOperation test:
                return Assume(test.Value, test.Pattern, outcome, state);
            default:
                return state;
        }
    }

    private PossibleStates Assume(IOperation value, IPatternOperation pattern, bool outcome, PossibleStates state)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                return Assume(value, negated.Pattern, !outcome, state);
            case IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: { } constant } }:
                return Assume(value, BinaryOperatorKind.Equals, constant, outcome, state);
            case IRelationalPatternOperation { Value.ConstantValue: { HasValue: true, Value: { } constant } } relation:
                return Assume(value, relation.OperatorKind, constant, outcome, state);
            case IBinaryPatternOperation both when both.OperatorKind == BinaryOperatorKind.And == outcome:
                return Assume(value, both.RightPattern, outcome, Assume(value, both.LeftPattern, outcome, state));
            default:
                return state;
        }
    }

    private PossibleStates Assume(
        IOperation value, BinaryOperatorKind comparison, object constant, bool outcome, PossibleStates state)
    {
        // A comparison is made in a wider type, where the value is the same.
        IOperation compared = value;
        while (compared is IConversionOperation { OperatorMethod: null, Operand: var operand } conversion
            && Divisors.IsInteger(operand.Type) && Divisors.IsInteger(conversion.Type)
            && (Divisors.Bytes(operand.Type!) < Divisors.Bytes(conversion.Type!)
                && (!Divisors.IsSigned(operand.Type!) || Divisors.IsSigned(conversion.Type!))
                || SymbolEqualityComparer.Default.Equals(operand.Type, conversion.Type)))
        {
            compared = operand;
        }

        if (Place(compared) is not { } variable || !Divisors.IsInteger(compared.Type))
        {
            return state;
        }

        BinaryOperatorKind holds = outcome ? comparison : Divisors.Opposite(comparison);
        return state.With(variable, state[variable] & ~(int)Divisors.Disproved(holds, constant));
    }

    protected override PossibleStates Step(IOperation step, PossibleStates state)
    {
        if (Division(step) is { } division && Faults(division, state) is not DivisorFault.None and var faults)
        {
            _found[step] = (division.Divisor, faults | (_found.TryGetValue(step, out var known) ? known.Faults : 0));
        }

        switch (step)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when Place(assignment.Target) is { } target:
                return state.With(target, (int)Of(assignment.Value, state));
            case IFlowCaptureOperation capture:
                _captures[capture.Id] = Of(capture.Value, state)
                    | (_captures.TryGetValue(capture.Id, out DivisorFault known) ? known : 0);
                return state;
            case ICompoundAssignmentOperation compound when Place(compound.Target) is { } target:
                return state.With(target, (int)Divisors.OfType(compound.Target.Type));
            case IIncrementOrDecrementOperation change when Place(change.Target) is { } target:
                return state.With(target, (int)Divisors.OfType(change.Target.Type));
            case IInvocationOperation call when Progress.Waiting.IsCheck(call.TargetMethod):
                return Assume(call.Arguments[0].Value, true, state);
            default:
                bool isLent = step.Parent is IAddressOfOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref }
                    || step.IsOnlyWritten() && step.Parent is not ISimpleAssignmentOperation;
                return isLent && Place(step) is { } lent ? state.With(lent, (int)Divisors.OfType(step.Type)) : state;
        }
    }

    private DivisorFault Faults((IOperation Dividend, IOperation Divisor) division, PossibleStates state)
    {
        DivisorFault faults = Of(division.Divisor, state);

        // Only the lowest number of the type is too low to be negated: a constant, or what was a narrower type, is not.
        bool isSafe = division.Dividend.ConstantValue.HasValue
            || division.Dividend is IConversionOperation { Operand.Type: { } narrow, Type: { } wide }
                && Divisors.IsInteger(narrow) && Divisors.Bytes(narrow) < Divisors.Bytes(wide);
        return isSafe ? faults & DivisorFault.Zero : faults;
    }

    // What may be wrong with a value here.
    private DivisorFault Of(IOperation value, PossibleStates state) =>
        value switch
        {
            { ConstantValue: { HasValue: true, Value: { } constant } } when Divisors.IsInteger(value.Type) => Divisors.OfConstant(constant),
            _ when Variable(value) is { } variable => (DivisorFault)state[variable],
            IFlowCaptureReferenceOperation capture when _captures.TryGetValue(capture.Id, out DivisorFault known) => known,
            IConversionOperation { OperatorMethod: null, Operand: var operand } conversion =>
                Divisors.Convert(Of(operand, state), operand.Type, conversion.Type),
            ISizeOfOperation => DivisorFault.None,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } either =>
                (Of(either.LeftOperand, state) & Of(either.RightOperand, state) & DivisorFault.Zero)
                    | (Divisors.OfType(value.Type) & DivisorFault.MinusOne),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.LeftShift, LeftOperand.ConstantValue: { HasValue: true, Value: { } one } }
                when one is 1 or 1u or 1L or 1ul => DivisorFault.None,
            IInvocationOperation { TargetMethod: { Name: "Max", ContainingType: { } type }, Arguments: var given }
                when type.IsNamed("System.Math") && given.Any(static one => IsPositive(one.Value)) => DivisorFault.None,
            _ => Divisors.OfType(value.Type),
        };

    private static (IOperation Dividend, IOperation Divisor)? Division(IOperation operation) =>
        operation switch
        {
            IBinaryOperation
            {
                OperatorKind: BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder, OperatorMethod: null,
            } binary when Divisors.IsInteger(binary.Type) => (binary.LeftOperand, binary.RightOperand),
            ICompoundAssignmentOperation
            {
                OperatorKind: BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder, OperatorMethod: null,
            } compound when Divisors.IsInteger(compound.Value.Type) => (compound.Target, compound.Value),
            _ => null,
        };

    private static bool IsGoodConstant(IOperation divisor) =>
        divisor is { ConstantValue: { HasValue: true, Value: { } constant } } && Divisors.OfConstant(constant) == DivisorFault.None;

    private static bool IsPositive(IOperation value) =>
        value is { ConstantValue: { HasValue: true, Value: { } constant } } && Divisors.IsInteger(value.Type)
            && Divisors.Disproved(BinaryOperatorKind.GreaterThanOrEqual, constant) == (DivisorFault.Zero | DivisorFault.MinusOne);

    private ISymbol? Place(IOperation operation) =>
        Variable(operation) ?? (Captured(operation) is { } captured && !_open.Includes(captured, _function) ? captured : null);

    private ISymbol? Variable(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } when !_open.Includes(local, _function) => local,
            IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }
                when !_open.Includes(parameter, _function) => parameter,
            IDeclarationExpressionOperation declaration => Variable(declaration.Expression),
            _ => null,
        };
}
