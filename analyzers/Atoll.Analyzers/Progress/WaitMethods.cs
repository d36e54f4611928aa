using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>What the methods of one type do, as far as it matters to a loop that calls them.</summary>
internal sealed class WaitMethods
{
    private readonly ConcurrentDictionary<IMethodSymbol, WaitFacts> _own = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentBag<(IMethodSymbol Caller, IMethodSymbol Callee)> _calls = [];

    // Asked for once the bodies are all in.
    private readonly Lazy<Dictionary<IMethodSymbol, WaitFacts>> _whole;

    public WaitMethods() => _whole = new(Close);

    /// <summary>The operations that may matter. A body without any of them is known to do nothing.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } =
    [
        OperationKind.Block, OperationKind.Invocation, OperationKind.FunctionPointerInvocation,
        OperationKind.PropertyReference, OperationKind.FieldReference,
        OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.CoalesceAssignment,
        OperationKind.DeconstructionAssignment, OperationKind.Increment, OperationKind.Decrement,
    ];

    /// <summary>Takes note of an operation in the body of a method of the type.</summary>
    public void Add(IMethodSymbol method, IOperation operation)
    {
        WaitFacts facts = Facts(operation, static _ => WaitFacts.None);
        _own.AddOrUpdate(method, facts, (_, known) => known | facts);
        if (Callee(operation) is { } callee && Waiting.Of(callee) is null)
        {
            _calls.Add((method, callee.Body()));
        }
    }

    /// <summary>Everything that a method does, with what it calls in the type. What is not of the type may do anything.</summary>
    public WaitFacts FactsOf(IMethodSymbol method) =>
        Waiting.Of(method) ?? (_whole.Value.TryGetValue(method.Body(), out WaitFacts facts) ? facts : Foreign(method));

    // From the called to their callers, until nothing is new: a method is handed on at most once for each fact.
    private Dictionary<IMethodSymbol, WaitFacts> Close()
    {
        var facts = new Dictionary<IMethodSymbol, WaitFacts>(_own, SymbolEqualityComparer.Default);
        ILookup<IMethodSymbol, IMethodSymbol> callers = _calls.ToLookup(
            static call => call.Callee, static call => call.Caller, (IEqualityComparer<IMethodSymbol>)SymbolEqualityComparer.Default);
        foreach (IMethodSymbol callee in callers.Select(static group => group.Key).Where(callee => !facts.ContainsKey(callee)))
        {
            facts.Add(callee, Foreign(callee));
        }

        var pending = new Queue<IMethodSymbol>(facts.Keys);
        while (pending.Count > 0)
        {
            IMethodSymbol callee = pending.Dequeue();
            foreach (IMethodSymbol caller in callers[callee].Where(caller => (facts[callee] & ~facts[caller]) != 0))
            {
                facts[caller] |= facts[callee];
                pending.Enqueue(caller);
            }
        }

        return facts;
    }

    // A property that is not of the type is taken for a value.
    private static WaitFacts Foreign(IMethodSymbol method) =>
        method.Body().AssociatedSymbol is IPropertySymbol ? WaitFacts.None : WaitFacts.Acts;

    /// <summary>What an operation does by itself.</summary>
    public static WaitFacts Facts(IOperation operation, Func<IMethodSymbol, WaitFacts> factsOf) =>
        Callee(operation) is { } callee ? Waiting.Of(callee) ?? factsOf(callee)
        : operation switch
        {
            IFieldReferenceOperation field => Waiting.Of(field),
            IFunctionPointerInvocationOperation => WaitFacts.Acts,
            IAssignmentOperation assignment => IsLocal(assignment.Target) ? WaitFacts.None : WaitFacts.Acts,
            IIncrementOrDecrementOperation step => IsLocal(step.Target) ? WaitFacts.None : WaitFacts.Acts,
            _ => WaitFacts.None,
        };

    private static IMethodSymbol? Callee(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IPropertyReferenceOperation property => property.Property.GetMethod,
            _ => null,
        };

    private static bool IsLocal(IOperation target) =>
        target switch
        {
            IFieldReferenceOperation { Instance: { } instance, Field.ContainingType.IsValueType: true } => IsLocal(instance),
            ILocalReferenceOperation local => local.Local.RefKind == RefKind.None,
            IParameterReferenceOperation parameter => parameter.Parameter.RefKind == RefKind.None,
            IDiscardOperation => true,
            IDeclarationExpressionOperation => true,
            ITupleOperation tuple => tuple.Elements.All(IsLocal),
            _ => false,
        };
}
