using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Flow;

/// <summary>Variables of a member that change without their name: what was proved of one may have ended meanwhile.</summary>
/// <remarks>
/// A second name (a ref local, a pointer, what a call returns by reference that was lent the variable), or another function that
/// writes it: a local function, a lambda, the other members of a type whose primary constructor has it as a parameter.
/// </remarks>
internal sealed class OpenVariables
{
    private readonly HashSet<ISymbol> _named = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _writers = new(SymbolEqualityComparer.Default);

    public OpenVariables(IEnumerable<IOperation> member, ISymbol owner)
    {
        foreach (IOperation reference in member)
        {
            if (Variable(reference) is not { } variable)
            {
                continue;
            }

            if (GetsAName(reference))
            {
                _named.Add(variable);
            }
            else if (IsWritten(reference) && reference.EnclosingFunction(owner) is var writer
                && !SymbolEqualityComparer.Default.Equals(writer, variable.ContainingSymbol))
            {
                if (!_writers.TryGetValue(variable, out HashSet<ISymbol>? writers))
                {
                    _writers.Add(variable, writers = new(SymbolEqualityComparer.Default));
                }

                writers.Add(writer);
            }
        }
    }

    /// <summary>Says whether the variable may change while the function does not mention it.</summary>
    public bool Includes(ISymbol variable, ISymbol function) =>
        _named.Contains(variable)
        || _writers.TryGetValue(variable, out HashSet<ISymbol>? writers)
            && writers.Any(writer => !SymbolEqualityComparer.Default.Equals(writer, function))
        || variable is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor }
            && !SymbolEqualityComparer.Default.Equals(constructor, function) && function is IMethodSymbol
            && SymbolEqualityComparer.Default.Equals(constructor.ContainingType, function.ContainingType);

    private static bool GetsAName(IOperation reference) =>
        reference.Syntax.Parent is RefExpressionSyntax
        || reference.Parent switch
        {
            IAddressOfOperation => true,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Parent: var call } => call switch
            {
                IInvocationOperation { TargetMethod.RefKind: not RefKind.None } => true,
                IInvocationOperation or IObjectCreationOperation => call.Type is { IsRefLikeType: true },
                IFunctionPointerInvocationOperation { Target.Type: IFunctionPointerTypeSymbol { Signature.RefKind: var kind } } =>
                    kind != RefKind.None,
                _ => false,
            },
            _ => false,
        };

    private static bool IsWritten(IOperation reference) =>
        reference.IsOnlyWritten()
        || reference.Parent switch
        {
            ICompoundAssignmentOperation change => change.Target == reference,
            IIncrementOrDecrementOperation => true,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref } => true,
            _ => false,
        };

    private static ISymbol? Variable(IOperation operation) =>
        operation switch
        {
            ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
            IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
            _ => null,
        };
}
