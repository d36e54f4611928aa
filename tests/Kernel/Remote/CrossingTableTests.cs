using System.Runtime.InteropServices;
using Atoll.Cap;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Remote;

/// <summary>Records, the lists that they are in, and how they are found: each is used again, listed once, and found by its home's number alone.</summary>
public sealed unsafe class CrossingTableTests : IDisposable
{
    private const uint Records = 4;
    private const uint Home = 2;

    // docs/remote-capabilities.md, "Death": a place is found in bounded steps. The least index has 16 places, each of 4 bytes.
    private const uint HashesLeast = 16;

    private readonly void* _records = NativeMemory.AlignedAlloc(Records * CrossingEntry.SizeBytes, 64);
    private readonly void* _hashes = NativeMemory.AlignedAlloc((nuint)CrossingIndex.BytesFor(Records), 64);
    private CrossingTable _table;
    private CrossingIndex _index;

    public CrossingTableTests()
    {
        NativeMemory.Fill(_records, Records * CrossingEntry.SizeBytes, 0xCC);
        NativeMemory.Fill(_hashes, (nuint)CrossingIndex.BytesFor(Records), 0xCC);
        _table.Begin((ulong)_records, Records);
        _index.Begin((ulong)_hashes, Records);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_records);
        NativeMemory.AlignedFree(_hashes);
    }

    [Fact]
    public void Records_AreAsManyAsThereIsRoomFor()
    {
        Assert.Equal([0u, 1u, 2u, 3u], [Take(), Take(), Take(), Take()]);

        Assert.False(_table.TryTake(out _));
        Assert.Equal((Records, Records), (_table.Used, _table.Count));
    }

    [Fact]
    public void RecordThatIsFree_IsUsedAgain()
    {
        (uint first, uint second) = (Take(), Take());
        _table[first].State = CrossingState.Held;
        _table[first].Owes = CrossingDebts.Revoke;
        _table.Free(first);
        Assert.Equal((CrossingState.None, CrossingDebts.None, 1u), (_table[first].State, _table[first].Owes, _table.Count));
        _table.Free(second);

        Assert.Equal([second, first, 2u], [Take(), Take(), Take()]);
    }

    /// <summary>However often there is work with a record, it is in the list once.</summary>
    [Fact]
    public void RecordWithWork_IsListedOnce()
    {
        (uint first, uint second) = (Take(), Take());
        _table.Enlist(first);
        _table.Enlist(second);
        _table.Enlist(first);
        Assert.True(_table.HasWork);

        Assert.Equal([second, first], Work());

        Assert.False(_table.HasWork);
        Assert.False(_table[first].IsListed);
        _table.Enlist(first);
        Assert.Equal([first], Work());
    }

    /// <summary>What waits for room is no work, stays listed, and comes again when it is tried again.</summary>
    [Fact]
    public void RecordThatWaits_ComesAgain()
    {
        (uint first, uint second) = (Take(), Take());
        _table.Defer(first);
        _table.Defer(second);
        _table.Enlist(second);
        Assert.Equal((false, true, true), (_table.HasWork, _table.AwaitsRoom, _table[second].IsListed));

        _table.Retry();

        Assert.Equal([second, first], Work());
        Assert.False(_table.AwaitsRoom);
    }

    [Fact]
    public void RecordThatWaits_WaitsWhileThereIsWork()
    {
        (uint first, uint second) = (Take(), Take());
        _table.Defer(first);
        _table.Enlist(second);

        _table.Retry();

        Assert.Equal([second], Work());
        Assert.True(_table.AwaitsRoom);
    }

    [Theory]
    [InlineData(1u, 64ul)]
    [InlineData(16u, 64ul)]
    [InlineData(17u, 128ul)]
    [InlineData(64u, 256ul)]
    public void Index_HasAPlaceForEachEnd(uint channels, ulong bytes) => Assert.Equal(bytes, CrossingIndex.BytesFor(channels));

    /// <summary>Numbers that fall into one place are told apart, whichever of them goes first.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Import_IsFoundByHomeAndNumber(int gone)
    {
        uint[] numbers = [Import(0), Import(HashesLeast), Import(2 * HashesLeast)];
        Assert.False(_index.TryFind(in _table, Home, 3 * HashesLeast, out _));
        Assert.False(_index.TryFind(in _table, Home + 1, 0, out _));

        _index.Remove(in _table, numbers[gone]);

        for (int number = 0; number < numbers.Length; number++)
        {
            bool isFound = _index.TryFind(in _table, Home, (uint)number * HashesLeast, out uint found);
            Assert.Equal(number != gone, isFound);
            Assert.True(!isFound || found == numbers[number]);
        }
    }

    /// <summary>Who is lost meanwhile waits until the walk for the others has found nothing.</summary>
    [Fact]
    public void LostPeers_AreSoughtUntilNothingIsFound()
    {
        LostPeers lost = default;
        lost.Add(3);
        lost.Add(5);
        Assert.Equal((true, false, true, true), (lost.IsSought(3), lost.IsSought(5), lost.Has(5), lost.Any));

        lost.Found();
        Assert.False(lost.TryEnd(places: 2));
        Assert.Equal(1u, lost.Cursor);
        Assert.True(lost.TryEnd(places: 2));
        Assert.Equal((true, 0u), (lost.IsSought(3), lost.Cursor));

        Assert.False(lost.TryEnd(places: 2));
        Assert.True(lost.TryEnd(places: 2));
        Assert.Equal((false, true, true), (lost.Has(3), lost.IsSought(5), lost.Any));

        Assert.True(lost.TryEnd(places: 1));
        Assert.Equal((false, false), (lost.Has(5), lost.Any));
    }

    private uint Take()
    {
        Assert.True(_table.TryTake(out uint number));
        return number;
    }

    private uint Import(uint homeNumber)
    {
        uint number = Take();
        (_table[number].Peer, _table[number].HomeNumber) = (Home, homeNumber);
        _index.Add(in _table, number);
        return number;
    }

    private List<uint> Work()
    {
        List<uint> found = [];
        while (found.Count < 2 * Records && _table.TryNext(out uint number))
        {
            found.Add(number);
        }

        return found;
    }
}
