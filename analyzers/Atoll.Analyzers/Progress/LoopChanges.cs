using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>Which variables a loop changes, and to what.</summary>
/// <remarks>What a pause or an atomic gets by reference is not changed: that is what the loop looks at.</remarks>
internal sealed class LoopChanges
{
    private readonly Dictionary<ISymbol, List<IOperation>> _values = new(SymbolEqualityComparer.Default);

    private readonly HashSet<ISymbol> _others = new(SymbolEqualityComparer.Default);

    public LoopChanges(ILoopOperation loop, Func<IMethodSymbol, WaitFacts> factsOf)
    {
        foreach (IOperation operation in loop.Everything())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation { Symbol: var local } declarator
                    when (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer) is { } initializer:
                    ValuesOf(local).Add(initializer.Value);
                    break;
                case ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation { Local.RefKind: RefKind.None } target } assignment:
                    ValuesOf(target.Local).Add(assignment.Value);
                    break;
                case IAssignmentOperation assignment:
                    Change(assignment.Target);
                    break;
                case IIncrementOrDecrementOperation step:
                    Change(step.Target);
                    break;
                case IAddressOfOperation address:
                    Change(address.Reference);
                    break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Parent: IInvocationOperation call } argument
                    when (factsOf(call.TargetMethod) & (WaitFacts.Pauses | WaitFacts.LooksAtMemory)) == 0
                        || argument.Parameter.RefKind == RefKind.Out:
                    Change(argument.Value);
                    break;
                case IInvocationOperation { Instance: { } receiver, TargetMethod: var method }
                    when !method.IsReadOnly && (factsOf(method) & (WaitFacts.Acts | WaitFacts.Pauses)) == WaitFacts.Acts:
                    Change(receiver);
                    break;
            }
        }
    }

    /// <summary>Says whether the variable is changed at all.</summary>
    public bool Includes(ISymbol variable) => _values.ContainsKey(variable) || _others.Contains(variable);

    /// <summary>Says whether the variable is changed by anything but plain assignments.</summary>
    public bool IsOpaque(ISymbol variable) => _others.Contains(variable);

    /// <summary>What is assigned to the variable.</summary>
    public IEnumerable<IOperation> Values(ISymbol variable) =>
        _values.TryGetValue(variable, out List<IOperation>? values) ? values : [];

    /// <summary>The variable that the operation names: a local, a parameter, or for <c>this</c> the type.</summary>
    public static ISymbol? Variable(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IInstanceReferenceOperation self => self.Type,
            _ => null,
        };

    private void Change(IOperation place)
    {
        for (IOperation? part = place; part is not null; part = part.ChildOperations.FirstOrDefault())
        {
            if (Variable(part) is { } variable)
            {
                _others.Add(variable);
                return;
            }

            // What a pointer leads to is not the pointer.
            if (Waiting.IsDereference(part))
            {
                return;
            }
        }
    }

    private List<IOperation> ValuesOf(ISymbol variable)
    {
        if (!_values.TryGetValue(variable, out List<IOperation>? values))
        {
            _values.Add(variable, values = []);
        }

        return values;
    }
}
