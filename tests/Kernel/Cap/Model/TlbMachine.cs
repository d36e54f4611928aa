using Atoll.Arch;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>A core that keeps translations until it is told to forget them, as a real one may.</summary>
/// <remarks>Source: Intel SDM Vol. 3A, "Caching Translation Information", "Invalidation of TLBs and Paging-Structure
/// Caches".</remarks>
public sealed class TlbMachine : SimulatedMachine
{
    private readonly Dictionary<ulong, UserPage> _cached = [];

    /// <summary>Translations that the core may use, by virtual address of the page.</summary>
    public IReadOnlyDictionary<ulong, UserPage> Cached => _cached;

    /// <summary>A program touches a page.</summary>
    public void Touch(UserPage page) => _cached[page.Virtual] = page;

    public override void UsePageTables(ulong tables)
    {
        _cached.Clear();
        PageTables = tables;
    }

    public override void InvalidatePage(ulong virtualAddress)
    {
        base.InvalidatePage(virtualAddress);
        InvalidatedPages.Clear();
        foreach (ulong page in _cached.Values.Where(page => virtualAddress - page.Virtual < page.Bytes).Select(page =>
            page.Virtual).ToList())
        {
            _cached.Remove(page);
        }
    }
}
