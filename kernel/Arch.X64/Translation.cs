using System.Threading;

namespace Atoll.Arch;

/// <summary>Entries of page tables that are in use.</summary>
public static class Translation
{
    /// <summary>Stores an entry by one store: the CPU's page walker may read it at any time.</summary>
    /// <remarks>Source: Intel SDM Vol. 3A, "Paging-Structure Entries" and "Invalidation of TLBs and Paging-Structure Caches".</remarks>
    /// <param name="entry">An entry of a table of this instance.</param>
    /// <param name="value">What it holds from now on.</param>
    public static void Store(ref ulong entry, ulong value) => Volatile.Write(ref entry, value);
}
