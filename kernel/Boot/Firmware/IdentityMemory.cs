using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Boot;

/// <summary>Physical memory through the boot tables: the first 4 GiB, one to one. Gone once the first instance runs.</summary>
public readonly unsafe struct IdentityMemory : IPhysicalMemory, IFirmwareMemory
{
    /// <summary>First physical address that the boot tables do not map.</summary>
    public const ulong Limit = 4UL << 30;

    /// <inheritdoc/>
    public byte* Open(ulong physical)
    {
        Check.That(physical < Limit);
        return (byte*)physical;
    }

    /// <inheritdoc/>
    public byte* OpenRead(ulong physical) => Open(physical);

    /// <inheritdoc/>
    [MustUse]
    public bool TryView(ulong physical, ulong length, out byte* pointer)
    {
        // Address 0 is real memory here, but no table lies there.
        bool reachable = physical != 0 && physical < Limit && length <= Limit - physical;
        pointer = reachable ? (byte*)physical : null;
        return reachable;
    }
}
