using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Moves capabilities between slots. Copies and originals stay derived as they were.</summary>
public static class Moving
{
    /// <summary>Moves a capability.</summary>
    /// <param name="source">Any slot.</param>
    /// <param name="target">An empty slot.</param>
    public static Outcome Move(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target)
    {
        Outcome allowed = CheckMovable(in source.Value);
        if (allowed.IsOk)
        {
            Relocate(source, target);
        }

        return allowed;
    }

    /// <summary>Exchanges two capabilities. Both slots hold one; the same slot twice is left as it is.</summary>
    public static Outcome Swap(ObjectPointer<CapabilitySlot> first, ObjectPointer<CapabilitySlot> second)
    {
        Outcome allowed = CheckMovable(in first.Value);
        if (allowed.IsOk)
        {
            allowed = CheckMovable(in second.Value);
        }

        if (allowed.IsOk && !first.Is(second))
        {
            Exchange(first, second);
        }

        return allowed;
    }

    /// <summary>Moves what is in a slot, whatever it is.</summary>
    internal static void Relocate(ObjectPointer<CapabilitySlot> source, ObjectPointer<CapabilitySlot> target)
    {
        target.Value.Take(in source.Value);
        Derivation.Replace(source, target);
        source.Value.Empty();
    }

    /// <summary>Exchanges what is in two different slots.</summary>
    internal static void Exchange(ObjectPointer<CapabilitySlot> first, ObjectPointer<CapabilitySlot> second)
    {
        first.Value.Exchange(ref second.Value);
        Derivation.Swap(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Outcome CheckMovable(ref readonly CapabilitySlot slot) => slot.Type switch
    {
        CapabilityType.Null => new Outcome(SystemResult.SlotEmpty, CSpace.AddressBits),
        CapabilityType.Dying => new Outcome(SystemResult.WrongType, (ulong)CapabilityType.Dying),
        _ => Outcome.Ok,
    };
}
