using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>What a lambda uses of the functions around it.</summary>
internal static class Captures
{
    /// <summary>The first thing captured, or null when the lambda stands alone.</summary>
    public static string? First(IAnonymousFunctionOperation lambda) => First(lambda.Body, lambda.Symbol, lambda.SemanticModel, []);

    private static string? First(IOperation body, IMethodSymbol function, SemanticModel? model, HashSet<IMethodSymbol> seen)
    {
        foreach (IOperation operation in body.DescendantsAndSelf())
        {
            string? captured = operation switch
            {
                ILocalReferenceOperation { Local: { IsConst: false, IsStatic: false } local } when !IsInside(local, function) => local.Name,
                IParameterReferenceOperation { Parameter: var parameter } when !IsInside(parameter, function) => parameter.Name,
                IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => "this",
                IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } called } => OfLocal(called, function, model, seen),
                IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } named } => OfLocal(named, function, model, seen),
                _ => null,
            };
            if (captured is not null && !operation.HasAncestor(OperationKind.NameOf))
            {
                return captured;
            }
        }

        return null;
    }

    private static string? OfLocal(IMethodSymbol called, IMethodSymbol function, SemanticModel? model, HashSet<IMethodSymbol> seen)
    {
        IMethodSymbol local = called.OriginalDefinition;
        if (local.IsStatic || IsInside(local, function) || !seen.Add(local))
        {
            return null;
        }

        return model?.GetOperation(local.DeclaringSyntaxReferences[0].GetSyntax()) is ILocalFunctionOperation { Body: { } body }
            ? First(body, local, model, seen) is { } captured ? captured : null
            : local.Name;
    }

    private static bool IsInside(ISymbol symbol, IMethodSymbol function)
    {
        for (ISymbol? scope = symbol.ContainingSymbol; scope is not null; scope = scope.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(scope, function))
            {
                return true;
            }
        }

        return false;
    }
}
