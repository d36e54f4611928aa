using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Makes all memory of an untyped free again.</summary>
public static class UntypedReset
{
    /// <summary>Resets. Everything that was made of it must be gone; nothing is kept that could be seen later: retype
    /// zeroes.</summary>
    /// <param name="untyped">An Untyped capability.</param>
    public static Outcome Reset(ref CapabilitySlot untyped)
    {
        if (untyped.HasChildren)
        {
            return new Outcome(SystemResult.HasChildren);
        }

        untyped.Watermark = 0;
        untyped.ZeroedEnd = 0;
        return Outcome.Ok;
    }
}
