using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;

namespace Atoll.Kernel.Tests.Channels;

/// <content>Which ends are ready, as docs/channels.md tells it: each once, in the order in which they became so, with all reasons.</content>
public sealed unsafe partial class ChannelTableTests
{
    private const ushort Listed = 100;

    [Fact]
    public void ReadyEnds_AreTakenOnce_InOrder_WithTheirReasons()
    {
        uint[] ends = ListedEnds(3);
        Assert.Equal([Changed(0), Changed(1), Changed(2), 0], Take(4));

        Rung(ends[2]);
        Rung(ends[0]);
        Rung(ends[2]);
        _table.TellArrival(ref _scheduler, ends[0]);
        Rung(ends[1]);

        Assert.Equal([Word(2, ChannelNews.Rang), Word(0, ChannelNews.Rang | ChannelNews.Given), Word(1, ChannelNews.Rang), 0, 0], Take(5));
        Rung(ends[1]);
        Assert.Equal([Word(1, ChannelNews.Rang), 0], Take(2));
    }

    /// <summary>The first, one between, the last, and the only one.</summary>
    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void EndThatIsLeft_IsNotReady(int count, int gone)
    {
        uint[] ends = ListedEnds(count);

        Leave(ends[gone]);

        Assert.Equal([.. Enumerable.Range(0, count).Where(end => end != gone).Select(Changed), 0], Take(count));
    }

    /// <summary>It signals another notification from now on: the one before has nothing of it.</summary>
    [Fact]
    public void EndThatListensElsewhere_IsReadyThereOnly()
    {
        uint[] ends = ListedEnds(2);
        ObjectPointer<Notification> other = Notification(Ends);

        _table.Listen(ref _scheduler, ends[0], other, Badge, Listed);

        Assert.Equal([Changed(1), 0], Take(2));
        Assert.Equal(Changed(0), _table.TakeReady(ref other.Value));
        Assert.Equal(0ul, _table.TakeReady(ref other.Value));
    }

    /// <summary>With a notification goes its list: its ends are ready for the next one.</summary>
    [Fact]
    public void NotificationThatIsGone_TakesItsListAlong()
    {
        uint[] ends = ListedEnds(2);
        ObjectPointer<Notification> other = Notification(Ends);
        _table.Forget(Shared);

        _table.Listen(ref _scheduler, ends[1], other, Badge, Listed + 1);

        Assert.Equal(Changed(1), _table.TakeReady(ref other.Value));
        Assert.Equal(0ul, _table.TakeReady(ref other.Value));
    }

    /// <summary>An end without a number signals, and stands in no list.</summary>
    [Fact]
    public void EndWithoutANumber_IsInNoList()
    {
        uint number = OpenEnd(Peer);

        _table.Listen(ref _scheduler, number, Shared, Badge, listed: 0);

        Assert.True(Shared.Value.IsPending);
        Assert.Equal([0ul], Take(1));
    }

    /// <summary>The badge alone for a message; that something has changed has a bit of its own beside it.</summary>
    [Fact]
    public void Signal_IsTheBadge_AndABitForAChange()
    {
        uint number = OpenEnd(Peer);
        _table.Listen(ref _scheduler, number, Shared, Badge, listed: 0);
        Assert.Equal(Badge | ChannelNews.ChangedBit, Shared.Value.Pending);

        Shared.Value.Pending = 0;
        Rung(number);
        Assert.Equal(Badge, Shared.Value.Pending);
    }

    /// <summary>A turn looks in vain at only so many.</summary>
    [Theory]
    [InlineData(ChannelDebts.None, 1u)]
    [InlineData(ChannelDebts.Ask, 0u)]
    public void LookThatTellsNobody_IsInVain(ChannelDebts paid, uint vain)
    {
        _ = Ask();

        Assert.Equal(vain, _table.Settle(_table.TakeOwing(), paid));
    }

    /// <summary>Places of ends that are done with are used again, all of them, before one that was never used.</summary>
    [Fact]
    public void PlacesThatAreFree_AreAllUsedAgain()
    {
        uint[] ends = [Ask(), Ask(), Ask()];
        Leave(ends[0]);
        Leave(ends[1]);
        Pay(ChannelDebts.None);

        uint[] again = [Ask(), Ask()];

        Assert.Equal([ends[0], ends[1]], again.Order());
        Assert.Equal(3u, _table.Used);
    }

    private static ulong Word(int end, uint reasons) => ((ulong)reasons << ChannelNews.Shift) + Listed + (uint)end;

    private static ulong Changed(int end) => Word(end, ChannelNews.Changed);

    private ObjectPointer<Notification> Shared => Notification(0);

    /// <summary>Open ends that all signal one notification, each with a number.</summary>
    private uint[] ListedEnds(int count)
    {
        uint[] ends = [.. Enumerable.Range(0, count).Select(_ => OpenEnd(Peer))];
        for (int end = 0; end < count; end++)
        {
            _table.Listen(ref _scheduler, ends[end], Shared, Badge, (ushort)(Listed + end));
        }

        return ends;
    }

    private void Rung(uint number) => _table.Rung(ref _scheduler, number, Peer, Epoch, taken: 0, voided: 0);

    private ulong[] Take(int times) => [.. Enumerable.Range(0, times).Select(_ => _table.TakeReady(ref Shared.Value))];
}
