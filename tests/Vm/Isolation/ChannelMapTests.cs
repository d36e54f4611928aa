using Atoll.Abi;
using Atoll.TestVm.Isolation;

namespace Atoll.Vm.Tests.Isolation;

/// <summary>Channels are found in tables alone, at the addresses that the system's files say.</summary>
public sealed class ChannelMapTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(4, 7, 3)]
    public void EveryChannel_IsFoundOnce(int cores, int channels, int across)
    {
        ChannelMap map = MapOf(HandMadeMachine.Build(cores));

        Assert.Empty(map.Broken);
        Assert.Equal(channels, map.Whole.Count);
        Assert.Equal(across, map.Whole.Count(channel => channel.IsAcross));
    }

    [Fact]
    public void Rings_AreThePagesOfWholeChannels()
    {
        ChannelMap map = MapOf(HandMadeMachine.Build(2));

        // Three channels of two pages, from 0x700000 on.
        Assert.Equal(
            Enumerable.Range(0, 6).Select(page => 0x70_0000UL + ((ulong)page * 0x1000)),
            Enumerable.Range(0x600, 0x200).Select(page => (ulong)page * 0x1000).Where(map.IsRing));
    }

    [Theory]
    [InlineData(0x1UL)]
    [InlineData(0x2UL)]
    [InlineData(0x4UL)]
    public void ChannelWithOneWrongPage_HasNoRings(ulong cleared)
    {
        MachineView machine = HandMadeMachine.Build(2);
        var editor = new PageTableEditor(machine);
        WholeChannel channel = editor.Across[0];
        editor.ChangeIn(channel.Second.Program, channel.Second.Send!.Virtual, clear: cleared);

        ChannelMap map = MapOf(editor.Result);

        Assert.Equal(2, map.Broken.Count);
        Assert.DoesNotContain(channel.First.Pages, page => map.IsRing(page.Physical));
    }

    [Fact]
    public void OwnPageAtAPlaceForRings_IsNoEnd()
    {
        var editor = new PageTableEditor(HandMadeMachine.Build(1));
        ulong program = editor.Program(0, 0);
        ulong own = editor.Grant(0) - InstanceWindow.ObjectsBase + 0x20_0000;
        editor.MapIn(program, ChannelPlace.Base + (5 * ChannelPlace.Stride), own, 0x8000_0000_0000_0006);

        Assert.Empty(IsolationChecker.Check(editor.Result));
    }

    [Theory]
    [InlineData(0x20_4000UL, 0UL, true)]
    [InlineData(0x20_5000UL, 0UL, false)]
    [InlineData(0x20_8000UL, 1UL, true)]
    [InlineData(0x26_1000UL, 23UL, false)]
    [InlineData(0x4000_0000UL, 24UL, true)]
    [InlineData(0x4000_3000UL, 25UL, false)]
    [InlineData(0x41FF_F000UL, 24UL + 4095, false)]
    public void Place_HasAChannelAndADirection(ulong address, ulong number, bool receives)
    {
        Assert.Equal(new ChannelPlace(number, receives), ChannelPlace.Of(address));
        Assert.Equal(address, new ChannelPlace(number, receives).Address);
    }

    [Theory]
    [InlineData(0x20_3000UL)]
    [InlineData(0x20_4001UL)]
    [InlineData(0x20_6000UL)]
    [InlineData(0x20_7000UL)]
    [InlineData(0x26_4000UL)]
    [InlineData(0x3FFF_F000UL)]
    [InlineData(0x4000_0001UL)]
    [InlineData(0x4200_0000UL)]
    public void OtherAddress_IsNoPlaceForRings(ulong address) => Assert.Null(ChannelPlace.Of(address));

    [Fact]
    public void Places_HaveNotMoved()
    {
        Assert.Equal(ProgramInformation.ChannelBase, ChannelPlace.Base);
        Assert.Equal(ProgramInformation.ChannelStride, ChannelPlace.Stride);
        Assert.Equal(ProgramInformation.ChannelsMax, ChannelPlace.Channels);
    }

    private static ChannelMap MapOf(MachineView machine) => new(machine, machine.Walk());
}
