using Atoll.Contracts.Bodies;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Callees;

/// <summary>Says whether the text of a call names the body that runs.</summary>
internal static class Dispatch
{
    public static bool IsDirect(CallSite call)
    {
        IMethodSymbol callee = call.Callee;
        if (callee.IsStatic)
        {
            return !callee.IsAbstract && !(callee.IsVirtual && callee.ContainingType.TypeKind == TypeKind.Interface);
        }

        bool isVirtual = (callee.IsVirtual || callee.IsAbstract || callee.IsOverride) && !callee.IsSealed;
        return !isVirtual || call.Receiver is null && !callee.IsAbstract || call.Receiver is { } receiver && !MayBeOverridden(receiver, callee);
    }

    /// <summary>What it is when it is not direct, in the words of a message.</summary>
    public static string Kind(CallSite call) =>
        call.Receiver is ITypeParameterSymbol || call.Callee.IsStatic ? "chosen by a type argument"
        : call.Callee.ContainingType.TypeKind == TypeKind.Interface ? "a call through an interface"
        : "a virtual call";

    private static bool MayBeOverridden(ITypeSymbol receiver, IMethodSymbol callee) =>
        receiver switch
        {
            ITypeParameterSymbol => true,
            { IsValueType: true } => callee.ContainingType.TypeKind == TypeKind.Interface,
            { IsSealed: true } => callee.IsAbstract,
            IArrayTypeSymbol => false,
            _ => true,
        };
}
