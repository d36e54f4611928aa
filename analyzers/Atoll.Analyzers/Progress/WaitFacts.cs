using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>What an operation, or a method as a whole, means to a loop that waits.</summary>
[Flags]
internal enum WaitFacts
{
    None = 0,

    /// <summary>Reads a device register: it changes by itself.</summary>
    LooksAtDevice = 1,

    /// <summary>Reads memory that another core writes.</summary>
    LooksAtMemory = 2,

    /// <summary>Lets the core rest: PAUSE, a halt, something that blocks.</summary>
    Pauses = 4,

    /// <summary>Reads a clock.</summary>
    ReadsClock = 8,

    /// <summary>Does something of its own: stores to memory, or calls what may.</summary>
    Acts = 16,

    /// <summary>Either kind of look.</summary>
    Looks = LooksAtDevice | LooksAtMemory,
}

/// <summary>Recognises looks, pauses and clocks.</summary>
internal static class Waiting
{
    private static readonly ImmutableArray<(string Type, string Prefix, WaitFacts Facts)> s_known =
    [
        ("System.Threading.Volatile", "Read", WaitFacts.LooksAtMemory),
        ("System.Threading.Volatile", "Write", WaitFacts.Acts),
        ("System.Threading.Interlocked", "", WaitFacts.LooksAtMemory),
        ("Atoll.Abi.ISharedMemory", "Load", WaitFacts.LooksAtMemory),
        ("Atoll.Arch.CoherentMemory", "Load", WaitFacts.LooksAtMemory),
        ("Atoll.Arch.Mmio", "Read", WaitFacts.LooksAtDevice),
        ("Atoll.Arch.Port", "Read", WaitFacts.LooksAtDevice),
        ("Atoll.Arch.Msr", "Read", WaitFacts.LooksAtDevice),
        ("System.Runtime.Intrinsics.X86.X86Base", "Pause", WaitFacts.Pauses),
        ("Atoll.Arch.Cpu", "Pause", WaitFacts.Pauses),
        ("Atoll.Arch.Cpu", "Halt", WaitFacts.Pauses),
        ("Atoll.Arch.Cpu", "SleepUntilInterrupt", WaitFacts.Pauses),
    ];

    /// <summary>What a method is known for; null when only its body would tell.</summary>
    public static WaitFacts? Of(IMethodSymbol method)
    {
        if (HasAttribute(method, "Atoll.AdvancesAttribute"))
        {
            return WaitFacts.ReadsClock;
        }

        if (HasAttribute(method, "Atoll.BlocksAttribute"))
        {
            return WaitFacts.Pauses;
        }

        if (IsCheck(method) || IsPanic(method))
        {
            return WaitFacts.None;
        }

        foreach ((string type, string prefix, WaitFacts facts) in s_known)
        {
            if (method.Name.StartsWith(prefix, StringComparison.Ordinal) && method.ContainingType.IsNamed(type))
            {
                return facts;
            }
        }

        return method.IsIntrinsic() ? WaitFacts.None : null;
    }

    /// <summary>Says whether the method ends the instance when its argument is false.</summary>
    public static bool IsCheck(IMethodSymbol method) => method.Name == "That" && method.ContainingType.IsNamed("Atoll.Base.Check");

    /// <summary>Says whether the method ends the instance.</summary>
    public static bool IsPanic(IMethodSymbol method) => method.Name == "Halt" && method.ContainingType.IsNamed("Atoll.Arch.Panic");

    /// <summary>Says whether a field is read here that another core or a device writes.</summary>
    public static WaitFacts Of(IFieldReferenceOperation reference)
    {
        if (reference.IsOnlyWritten() || reference.Field.IsStatic && !reference.Field.IsVolatile
            || Places.UseOf(Places.Whole(reference)) != PlaceUse.Access)
        {
            return WaitFacts.None;
        }

        if (reference.Field.ContainingType.OriginalDefinition.HasAttribute("Atoll.MmioAttribute"))
        {
            return WaitFacts.LooksAtDevice;
        }

        bool isShared = reference.Field.IsVolatile
            || State.SharedTypes.IsShared(reference.Field.ContainingType) && !Places.IsInOwnCopy(reference);
        return isShared ? WaitFacts.LooksAtMemory : WaitFacts.None;
    }

    /// <summary>Says whether memory is reached through a pointer: <c>*p</c>, <c>p-></c> or <c>p[i]</c>, which have no kind of their own.</summary>
    public static bool IsDereference(IOperation operation) =>
        operation.Kind == OperationKind.None && operation.ChildOperations.Count > 0
            && operation.ChildOperations.First().Type is IPointerTypeSymbol;

    private static bool HasAttribute(IMethodSymbol method, string attribute)
    {
        IMethodSymbol body = method.Body();
        return body.HasAttribute(attribute) || body.AssociatedSymbol?.HasAttribute(attribute) == true
            || body.ContainingType.HasAttribute(attribute);
    }
}
