using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>Which results may still be unchecked, along the paths of one function.</summary>
internal sealed class CheckFlow : ForwardFlow
{
    private const int Unchecked = 1;

    private readonly HashSet<(IOperation Place, string Value, string Check)> _found = [];

    // Which answer tells whether an out argument means anything.
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _answers = new(SymbolEqualityComparer.Default);

    private readonly KeptOutcomes _outcomes = new();

    private readonly ISymbol _function;
    private readonly OpenVariables _open;

    private CheckFlow(ISymbol function, ControlFlowGraph graph, OpenVariables open)
        : base(graph) => (_function, _open) = (function, open);

    /// <summary>Says whether a function with this operation is worth a walk.</summary>
    public static bool Concerns(IOperation operation) =>
        operation is IPropertyReferenceOperation property && IsValue(property)
        || operation is IInvocationOperation call && IsAnswering(call);

    /// <summary>Every read of a value that may be unchecked, in source order.</summary>
    public static IEnumerable<(IOperation Place, string Value, string Check)> Find(
        ISymbol function, ControlFlowGraph graph, OpenVariables open)
    {
        var flow = new CheckFlow(function, graph, open);
        PossibleStates entry = PossibleStates.None;
        foreach (IParameterSymbol parameter in (function as IMethodSymbol)?.Parameters ?? [])
        {
            entry = entry.With(parameter, IsResult(parameter.Type) ? Unchecked : 0);
        }

        flow.Run(entry);
        return flow._found.OrderBy(static found => found.Place.Syntax.SpanStart);
    }

    protected override PossibleStates Assume(IOperation condition, bool outcome, PossibleStates state)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } negation:
                return Assume(negation.Operand, !outcome, state);
            case IBinaryOperation
                {
                    OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals,
                    RightOperand.ConstantValue.Value: bool constant,
                } comparison:
                bool isEqual = (comparison.OperatorKind == BinaryOperatorKind.Equals) == outcome;
                return Assume(comparison.LeftOperand, isEqual == constant, state);
            case IIsPatternOperation
                {
                    Pattern: IConstantPatternOperation { Value.ConstantValue.Value: bool constant },
                } test:
                return Assume(test.Value, outcome == constant, state);
            case IPropertyReferenceOperation { Property.Name: "IsOk" } check when outcome && IsResult(check.Instance?.Type)
                && Variable(check.Instance) is { } variable && !_open.Includes(variable, _function):
                return state.With(variable, 0);
            case ILocalReferenceOperation kept when _outcomes.Good(kept, outcome, state) is { } result
                && !_open.Includes(kept.Local, _function) && !_open.Includes(result, _function):
                return state.With(result, 0);
            default:
                return state;
        }
    }

    protected override PossibleStates Step(IOperation step, PossibleStates state) =>
        step switch
        {
            ISimpleAssignmentOperation assignment => Assign(assignment, state),
            IPropertyReferenceOperation property when IsValue(property) => ReadValue(property, state),
            ILocalReferenceOperation or IParameterReferenceOperation => Touch(step, Variable(step)!, state),
            _ => state,
        };

    private PossibleStates ReadValue(IPropertyReferenceOperation property, PossibleStates state)
    {
        ISymbol? variable = Variable(property.Instance);
        bool isChecked = variable is not null ? (state[variable] & Unchecked) == 0 : IsCheckedInPattern(property);
        if (!isChecked && property.Instance is not IInstanceReferenceOperation
            { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance })
        {
            _found.Add((property, property.Syntax.ToString(), $"{property.Instance!.Syntax}.IsOk"));
        }

        return state;
    }

    // 'r is { IsOk: true, Value: … }': the check is to the left.
    private static bool IsCheckedInPattern(IPropertyReferenceOperation property) =>
        property.Parent is IPropertySubpatternOperation { Parent: IRecursivePatternOperation pattern } own
            && pattern.PropertySubpatterns.TakeWhile(other => other != own).Any(static other =>
                other is
                {
                    Member: IPropertyReferenceOperation { Property.Name: "IsOk" },
                    Pattern: IConstantPatternOperation { Value.ConstantValue.Value: true },
                });

    private PossibleStates Assign(ISimpleAssignmentOperation assignment, PossibleStates state)
    {
        if ((Variable(assignment.Target) ?? Captured(assignment.Target)) is not { } target || assignment.IsRef)
        {
            return state;
        }

        // A copy is as good as what it was copied from. Anything else that is assigned has a meaning.
        bool isResult = IsResult(target is ILocalSymbol local ? local.Type : assignment.Target.Type);
        int assigned = !isResult ? 0 : Variable(assignment.Value) is { } source ? state[source] : Unchecked;
        state = _outcomes.Forget(target, state.With(target, assigned));
        if (target is ILocalSymbol { RefKind: RefKind.None, Type.SpecialType: SpecialType.System_Boolean })
        {
            (ISymbol? result, bool whenOk) = Question(assignment.Value);
            state = _outcomes.Keep(target, result, whenOk, state);
        }

        bool isStatement = assignment.Parent is null or IExpressionStatementOperation;
        if (isStatement && assignment.Value is IInvocationOperation call && IsAnswering(call))
        {
            foreach (IArgumentOperation argument in call.Arguments.Where(IsOut))
            {
                if (Variable(argument.Value) is { } given)
                {
                    AnswersOf(given).Add(target);
                    state = state.With(given, Unchecked);
                }
            }
        }

        return state;
    }

    private PossibleStates Touch(IOperation reference, ISymbol variable, PossibleStates state)
    {
        // The value may read what the target still is: 'x = x + 1'.
        if (reference.Parent is ISimpleAssignmentOperation { IsRef: false } assignment && assignment.Target == reference
            || IsCapturedTarget(reference))
        {
            return state;
        }

        if (reference.IsOnlyWritten() || (reference as ILocalReferenceOperation)?.IsDeclaration == true)
        {
            bool isResult = IsResult(reference.Type);
            return _outcomes.Forget(variable, state.With(variable, isResult ? Unchecked : 0));
        }

        if (IsChangeable(reference))
        {
            state = _outcomes.Forget(variable, state);
        }

        if (IsResult(reference.Type))
        {
            bool isLent = reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref };
            return isLent ? state.With(variable, Unchecked) : state;
        }

        if ((state[variable] & Unchecked) != 0)
        {
            _found.Add((reference, variable.Name, string.Join(", ", AnswersOf(variable).Select(static a => a.Name))));
        }

        // Whoever reads the answer looks at it.
        foreach (ISymbol told in _answers.Where(entry => entry.Value.Contains(variable)).Select(static entry => entry.Key))
        {
            state = state.With(told, 0);
        }

        return state;
    }

    // Whose outcome the value is, and what it is when that is good.
    private static (ISymbol? Result, bool WhenOk) Question(IOperation value)
    {
        if (value is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } negation)
        {
            (ISymbol? result, bool whenOk) = Question(negation.Operand);
            return (result, !whenOk);
        }

        return value is IPropertyReferenceOperation { Property.Name: "IsOk" } check && IsResult(check.Instance?.Type)
            ? (Variable(check.Instance), true)
            : (null, true);
    }

    // Whatever is not a plain read.
    private static bool IsChangeable(IOperation reference) =>
        reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref } or IAddressOfOperation
            or ISimpleAssignmentOperation { IsRef: true }
        || reference.Parent is ICompoundAssignmentOperation assignment && assignment.Target == reference;

    private HashSet<ISymbol> AnswersOf(ISymbol variable)
    {
        if (!_answers.TryGetValue(variable, out HashSet<ISymbol>? answers))
        {
            _answers.Add(variable, answers = new(SymbolEqualityComparer.Default));
        }

        return answers;
    }

    private static bool IsOut(IArgumentOperation argument) => argument.Parameter?.RefKind == RefKind.Out;

    private static bool IsAnswering(IInvocationOperation call) =>
        !IsResult(call.Type) && (MustUse.IsAnswer(call.Type) || MustUse.IsMarked(call.TargetMethod))
            && call.Arguments.Any(IsOut);

    private static bool IsValue(IPropertyReferenceOperation property) =>
        property.Property.Name == "Value" && IsResult(property.Property.ContainingType);

    private static bool IsResult(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct } && MustUse.IsAnswer(type)
            && type.GetMembers("IsOk").Any(static member => member is IPropertySymbol)
            && type.GetMembers("Value").Any(static member => member is IPropertySymbol);

    private static ISymbol? Variable(IOperation? operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IDeclarationExpressionOperation declaration => Variable(declaration.Expression),
            _ => null,
        };
}
