using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Cap;

/// <summary>Makes all memory of an untyped free again.</summary>
public static class UntypedReset
{
    /// <summary>Resets. Everything that was made of it must be gone; nothing is kept that could be seen later: retype
    /// zeroes.</summary>
    /// <param name="untyped">An Untyped capability.</param>
    /// <returns>Ok; <see cref="SystemResult.HasChildren"/>; <see cref="SystemResult.WrongState"/>: it is another instance's, and nobody here could zero it.</returns>
    public static Outcome Reset(ref CapabilitySlot untyped)
    {
        if (untyped.HasChildren)
        {
            return new Outcome(SystemResult.HasChildren);
        }

        if (Crossing.IsImported(in untyped))
        {
            return new Outcome(SystemResult.WrongState);
        }

        untyped.Watermark = 0;
        untyped.ZeroedEnd = 0;
        return Outcome.Ok;
    }

    /// <summary>Makes all memory free and zero, before another instance gets it: <see cref="Limits.ClearedBytesMax"/> at a time.</summary>
    /// <param name="untyped">An Untyped capability of this instance's memory.</param>
    /// <returns>Ok; <see cref="SystemResult.HasChildren"/>; <see cref="SystemResult.Again"/>: the same request goes on where this one stopped.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome Clear(ref CapabilitySlot untyped)
    {
        if (untyped.HasChildren)
        {
            return new Outcome(SystemResult.HasChildren);
        }

        if (untyped.Watermark != 0)
        {
            untyped.Watermark = 0;
            untyped.ZeroedEnd = 0;
        }

        ulong left = (1UL << untyped.SizeBits) - untyped.ZeroedEnd;
        ulong bytes = left < Limits.ClearedBytesMax ? left : Limits.ClearedBytesMax;
        ObjectMemory.Clear(PhysicalWindow.Base + untyped.Object + untyped.ZeroedEnd, bytes);
        untyped.ZeroedEnd += bytes;
        return new Outcome(bytes == left ? SystemResult.Ok : SystemResult.Again);
    }
}
