using Atoll.Abi;
using Atoll.Channels;

namespace Atoll.Kernel.Tests.Channels;

/// <content>What is told once.</content>
public sealed unsafe partial class ChannelTableTests
{
    /// <summary>A ring brings what the other end is to hear of capabilities; the next one does not bring it again.</summary>
    [Fact]
    public void RingThatWasTold_LeavesNothingToTell()
    {
        uint number = OpenEnd(Peer);
        _table[number].Passing = 7;
        _table[number].PassSerial = 2;
        _table.Void(ref _scheduler, number, Epoch, export: 6);
        _table.Credit(ref _scheduler, number, Epoch);
        Assert.Equal((2u, 1), (_table[number].Voids, _table[number].Untold));

        Pay(ChannelDebts.Ring);

        Assert.Equal((0u, 0, ChannelDebts.None), (_table[number].Voids, _table[number].Untold, _table[number].Owes));
    }

    /// <summary>What was given and came back stands in nobody's way: the next may be given.</summary>
    [Fact]
    public void CapabilityThatIsReturned_IsNoLongerOnItsWay()
    {
        uint number = OpenEnd(Peer);
        _table[number].Passing = uint.MaxValue;
        _table[number].Given = 2;

        _table.Return(ref _scheduler, number, Epoch);

        Assert.Equal((0u, 1), (_table[number].Passing, _table[number].Given));
    }
}
