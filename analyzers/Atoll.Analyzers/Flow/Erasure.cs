using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Flow;

/// <summary>Whether csc leaves a call out, with everything that makes its arguments.</summary>
internal enum Erasure
{
    /// <summary>The call is made.</summary>
    Never,

    /// <summary>A symbol of the preprocessor decides, which another build may set.</summary>
    Perhaps,

    /// <summary>There is nothing to call.</summary>
    Always,
}

/// <summary>Finds calls that csc erases (C# specification, "Conditional methods" and "Partial methods").</summary>
internal static class Erasures
{
    private const string Conditional = "System.Diagnostics.ConditionalAttribute";

    /// <summary>Whether the operation is such a call.</summary>
    public static Erasure Of(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { ReturnsVoid: true } method } ? Of(method) : Erasure.Never;

    /// <summary>Says whether the operation is inside of a call that is never made.</summary>
    public static bool IsErased(this IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null and not IBlockOperation; parent = parent.Parent)
        {
            if (Of(parent) == Erasure.Always)
            {
                return true;
            }
        }

        return false;
    }

    private static Erasure Of(IMethodSymbol method)
    {
        if (method.OriginalDefinition is { IsPartialDefinition: true, PartialImplementationPart: null })
        {
            return Erasure.Always;
        }

        for (IMethodSymbol? level = method.OriginalDefinition; level is not null; level = level.OverriddenMethod)
        {
            if (level.HasAttribute(Conditional))
            {
                return Erasure.Perhaps;
            }
        }

        return Erasure.Never;
    }
}
