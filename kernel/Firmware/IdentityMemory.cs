using System;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Mm;

namespace Atoll.Firmware;

/// <summary>Physical memory through the boot tables: the first 4 GiB, one to one. Gone once the first instance runs.</summary>
public readonly unsafe struct IdentityMemory : IPhysicalMemory, IFirmwareMemory
{
    /// <summary>First physical address that the boot tables do not map.</summary>
    public const ulong Limit = 4UL << 30;

    /// <inheritdoc/>
    [Trusted(Safety = "The boot tables map it; a page is aligned.")]
    public Page* Open(ulong physical)
    {
        Check.That(physical < Limit && Bits.IsAligned(physical, ImageLayout.PageSizeBytes));
        return (Page*)physical;
    }

    /// <inheritdoc/>
    public Page* OpenRead(ulong physical) => Open(physical);

    /// <summary>What the caller has laid out in physical memory, over as many pages as it takes.</summary>
    /// <typeparam name="T">Numbers, any of which is a value.</typeparam>
    /// <param name="physical">Physical address, aligned for any number. The caller owns the pages.</param>
    [Trusted(Safety = "The boot tables map all of it, and it is aligned for any number.")]
    public ref T At<[AllowLinear] T>(ulong physical)
        where T : unmanaged
    {
        Check.That(physical <= Limit - (ulong)sizeof(T) && Bits.IsAligned(physical, sizeof(ulong)));
        return ref *(T*)physical;
    }

    /// <inheritdoc/>
    [MustUse]
    [Trusted(Safety = "The boot tables map the whole run, and every pattern is a byte.")]
    public bool TryView(ulong physical, int length, out ReadOnlySpan<byte> view)
    {
        // Address 0 is real memory here, but no table lies there.
        bool reachable = length >= 0 && physical != 0 && physical < Limit && (uint)length <= Limit - physical;
        view = reachable ? new ReadOnlySpan<byte>((void*)physical, length) : default;
        return reachable;
    }
}
