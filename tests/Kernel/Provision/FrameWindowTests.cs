using Atoll.Arch;
using Atoll.Boot;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Provision;

/// <summary>The coordinator's window: no translation outlives its entry.</summary>
public sealed unsafe class FrameWindowTests : IDisposable
{
    private const ulong PeerBase = 0xFFFF_FFFF_8040_0000;
    private const ulong WriteAddress = PeerBase + (511 * 0x1000);
    private const ulong ReadAddress = PeerBase + (510 * 0x1000);
    private readonly HostPages _table = new(1);
    private readonly WatchedCore _core;

    public FrameWindowTests() => _core = new WatchedCore((ulong*)_table.Start);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Open_MapsWritable_OpenRead_ReadOnly()
    {
        using IDisposable scope = _core.Use();
        FrameWindow window = FrameWindow.Over(Map());

        Assert.Equal(WriteAddress, (ulong)window.Open(0x123_4000));
        Assert.Equal(ReadAddress, (ulong)window.OpenRead(0x567_8000));
        Assert.Equal(PageTableEntry.Leaf(0x123_4000, PageRights.ReadWrite), Entry(511));
        Assert.Equal(PageTableEntry.Leaf(0x567_8000, PageRights.Read), Entry(510));
    }

    /// <summary>Changing a present entry without INVLPG leaves the old translation in use (Intel SDM Vol. 3A, "Invalidation of TLBs").</summary>
    [Fact]
    public void EveryChange_InvalidatesWhileTheEntryIsAbsent()
    {
        using IDisposable scope = _core.Use();
        FrameWindow window = FrameWindow.Over(Map());
        window.Open(0x1000);
        _core.Seen.Clear();

        window.Open(0x2000);

        Assert.Equal([(WriteAddress, 0UL)], _core.Seen);
        Assert.Equal(PageTableEntry.Leaf(0x2000, PageRights.ReadWrite), Entry(511));
    }

    [Fact]
    public void SameFrameAgain_CostsNothing()
    {
        using IDisposable scope = _core.Use();
        FrameWindow window = FrameWindow.Over(Map());
        window.Open(0x1000);
        _core.Seen.Clear();

        window.Open(0x1000);

        Assert.Empty(_core.Seen);
    }

    [Fact]
    public void Close_LeavesNothingMapped()
    {
        using IDisposable scope = _core.Use();
        FrameWindow window = FrameWindow.Over(Map());
        window.Open(0x1000);
        window.OpenRead(0x2000);
        _core.Seen.Clear();

        window.Close();

        Assert.Equal(-1, _table.Bytes.IndexOfAnyExcept((byte)0));
        Assert.Equal([(WriteAddress, 0UL), (ReadAddress, 0UL)], _core.Seen);
    }

    /// <summary>The window lies beyond the pages of as many links as there can be.</summary>
    [Theory]
    [InlineData(1u, 1u)]
    [InlineData(127u, 1u)]
    [InlineData(128u, 2u)]
    [InlineData(255u, 2u)]
    public void WindowAndLinkPages_AreApart(uint links, uint tables)
    {
        Assert.Equal(tables, PeerMap.TablesFor(links));
        Assert.True(PeerMap.Slot(links - 1, LinkPage.Wake) < (tables * 512) - 2);
        Assert.Equal((int)links * 4, Enumerable.Range(0, (int)links).SelectMany(link => Enum.GetValues<LinkPage>().Select(
            page => PeerMap.Slot((uint)link, page))).Distinct().Count());
    }

    [Fact]
    public void EnteringATakenSlot_OrOneBeyondTheTable_IsABug()
    {
        using IDisposable scope = _core.Use();
        InstanceMap map = Map();
        PeerMap.Enter(in map, 7, 0x1000, PageRights.ReadWrite);

        Assert.Throws<CheckFailedException>(() => PeerMap.Enter(Map(), 7, 0x2000, PageRights.Read));
        Assert.Throws<CheckFailedException>(() => PeerMap.Enter(Map(), 512, 0x2000, PageRights.Read));
        Assert.Throws<CheckFailedException>(() => PeerMap.Clear(Map(), 512));
    }

    private ulong Entry(int slot) => ((ulong*)_table.Start)[slot];

    private InstanceMap Map() => new() { PeerEntries = (ulong*)_table.Start, PeerEntryCount = 512, PeerBase = PeerBase };

    private sealed class WatchedCore(ulong* entries) : SimulatedCore
    {
        // Address, and the entry at the moment of the invalidation.
        public List<(ulong Address, ulong Entry)> Seen { get; } = [];

        public override void InvalidatePage(ulong virtualAddress) =>
            Seen.Add((virtualAddress, entries[(virtualAddress - PeerBase) / 0x1000]));
    }
}
