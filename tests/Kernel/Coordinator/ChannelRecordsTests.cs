using System.Runtime.InteropServices;
using Atoll.Coordinator;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>Records of channels: which are free, and in which order those come whose ends are to be told something.</summary>
public sealed unsafe class ChannelRecordsTests : IDisposable
{
    private const uint Count = 4;

    private readonly void* _memory = NativeMemory.AlignedAlloc(Count * ChannelRecord.SizeBytes, 64);
    private ChannelRecords _records;

    /// <summary>All are taken, and all have somebody to be told.</summary>
    public ChannelRecordsTests()
    {
        new Span<byte>(_memory, (int)(Count * ChannelRecord.SizeBytes)).Fill(0xCC);
        _records.Begin((ulong)_memory, Count);
        for (uint index = 0; index < Count; index++)
        {
            Assert.Equal(index, _records.Take());
            Assert.Equal(ChannelStage.Free, _records[index].Stage);
            _records[index].Stage = ChannelStage.Made;
            _records.Owe(index);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void Owing_ComeInTheOrderInWhichTheyWereListed_EachOnce()
    {
        _records.Owe(2);

        Assert.Equal([0u, 1, 2, 3], Owing());
    }

    [Fact]
    public void RecordThatIsFreed_IsTakenNext_AndZeroed()
    {
        _ = Owing();
        _records[2].Pages = 0x1000;
        _records.Free(2);
        _records.Free(1);

        Assert.Equal(1u, _records.Take());
        Assert.Equal(2u, _records.Take());
        Assert.Equal(0ul, _records[2].Pages);
        Assert.Equal(0u, _records[2].Next);
    }

    /// <summary>What is freed while it is listed is not free before its turn; when there is nothing else, it is, and the others keep their order.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(3u)]
    public void RecordThatIsListed_AndFreed_IsTakenWhenNoneIsLeft(uint freed)
    {
        _records[freed].Pages = 0x1000;
        _records.Free(freed);
        Assert.Equal(Count, _records.OwingCount);

        uint taken = _records.Take();

        Assert.Equal(freed, taken);
        Assert.Equal((ChannelStage.Free, 0ul, false), (_records[taken].Stage, _records[taken].Pages, _records[taken].IsListed));
        Assert.Equal(Enumerable.Range(0, (int)Count).Select(index => (uint)index).Where(index => index != freed), Owing());
        Assert.Equal(Count, _records.Used);
    }

    private List<uint> Owing()
    {
        List<uint> order = [];
        while (_records.OwingCount != 0)
        {
            order.Add(_records.TakeOwing());
            Assert.False(_records[order[^1]].IsListed);
        }

        return order;
    }
}
