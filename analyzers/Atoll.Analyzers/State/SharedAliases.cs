using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>Which references of a member lead into shared memory without saying so in their type.</summary>
/// <remarks>
/// A ref local that was ever set to such a place, and what a function returns by reference that was lent one: C# lets it
/// return nothing that lives shorter, so it is likely to be that.
/// </remarks>
internal sealed class SharedAliases
{
    private readonly HashSet<ISymbol> _locals = new(SymbolEqualityComparer.Default);

    public SharedAliases(IEnumerable<IOperation> member)
    {
        List<(ISymbol Local, IOperation Place)> bindings = [.. member.SelectMany(Bindings)];
        int known;
        do
        {
            known = _locals.Count;
            _locals.UnionWith(bindings.Where(binding => LeadsIntoShared(binding.Place)).Select(static binding => binding.Local));
        }
        while (_locals.Count > known);
    }

    /// <summary>Says whether the place is shared memory that the place's own type and field do not call so.</summary>
    public bool IsAlias(IOperation place) =>
        place switch
        {
            ILocalReferenceOperation { Local: { RefKind: not RefKind.None } local } => _locals.Contains(local),
            IInvocationOperation { TargetMethod.RefKind: not RefKind.None } call => IsLentShared(call.Instance, call.Arguments),
            IPropertyReferenceOperation { Property.RefKind: not RefKind.None } property =>
                IsLentShared(property.Instance, property.Arguments),
            _ => false,
        };

    private bool LeadsIntoShared(IOperation place) =>
        place switch
        {
            IFieldReferenceOperation { Field: { IsStatic: false, RefKind: RefKind.None, ContainingType: var owner } } field =>
                SharedTypes.IsShared(owner) ? !Places.IsInOwnCopy(field)
                : owner.IsValueType && field.Instance is { } outer && LeadsIntoShared(outer),
            IInlineArrayAccessOperation element => LeadsIntoShared(element.Instance),
            IConditionalOperation { IsRef: true, WhenFalse: { } otherwise } choice =>
                LeadsIntoShared(choice.WhenTrue) || LeadsIntoShared(otherwise),
            ISimpleAssignmentOperation { IsRef: true } assignment => LeadsIntoShared(assignment.Value),
            IConversionOperation { IsImplicit: true, OperatorMethod: null } same => LeadsIntoShared(same.Operand),
            _ => IsAlias(place) || SharedTypes.IsShared(place.Type) && !Places.IsInOwnCopy(place),
        };

    private bool IsLentShared(IOperation? receiver, ImmutableArray<IArgumentOperation> arguments) =>
        receiver is { Type: { IsValueType: true, IsRefLikeType: false } } && LeadsIntoShared(receiver)
        || arguments.Any(argument => argument.Parameter?.RefKind is not (null or RefKind.None) && LeadsIntoShared(argument.Value));

    private static IEnumerable<(ISymbol, IOperation)> Bindings(IOperation operation) =>
        operation switch
        {
            IVariableDeclaratorOperation { Symbol: { RefKind: not RefKind.None } local, Initializer.Value: var place } => [(local, place)],
            ISimpleAssignmentOperation { IsRef: true, Target: ILocalReferenceOperation target } assignment =>
                [(target.Local, assignment.Value)],
            IForEachLoopOperation
            {
                LoopControlVariable: IVariableDeclaratorOperation { Symbol: { RefKind: not RefKind.None } local },
            } loop => [(local, loop.Collection)],
            _ => [],
        };
}
