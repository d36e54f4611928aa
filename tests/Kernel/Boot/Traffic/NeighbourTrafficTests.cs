using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Ipc;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>One instance between neighbours that the test plays.</summary>
public sealed unsafe class NeighbourTrafficTests : IDisposable
{
    private readonly SimulatedInstance _instance = new(core: 4);
    private RingSender _left;
    private RingReceiver _right;

    public NeighbourTrafficTests()
    {
        RingMemory.Prepare(_instance.Ring(PeerSlot.LeftRing), RingSlot.PerPage);
        RingMemory.Prepare(_instance.Ring(PeerSlot.RightRing), RingSlot.PerPage);
        _left.Attach(_instance.Ring(PeerSlot.LeftRing), RingSlot.PerPage);
        _right.Attach(_instance.Ring(PeerSlot.RightRing), RingSlot.PerPage);
        Live(PeerSlot.LeftStatus, InstanceLifecycle.Healthy);
        Live(PeerSlot.RightStatus, InstanceLifecycle.Healthy);
        Attach(NeighbourSide.Left);
        Attach(NeighbourSide.Right);
    }

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void BeforeBegin_NothingMoves()
    {
        SendFromLeft(0);

        Assert.False(Poll());
        Assert.Equal(ReceiveResult.Empty, _right.TryReceive<CoherentMemory>(out _));
    }

    [Fact]
    public void LimitReachedOnBothSides_IsDone()
    {
        _instance.State.Traffic.Begin(3);
        for (ulong number = 0; number < 3; number++)
        {
            SendFromLeft(number);
        }

        Assert.True(Poll());
        Assert.Equal((3ul, 3ul, 0ul, 0ul), Figures());
        Assert.False(Poll());
        Assert.Equal((3ul, 3ul, 0ul, 1ul), Figures());
        for (ulong number = 0; number < 3; number++)
        {
            Assert.Equal(ReceiveResult.Received, _right.TryReceive<CoherentMemory>(out RingMessage message));
            Assert.Equal(TrafficCheck.Good, TrafficMessage.Verify(in message, number));
        }

        Assert.Equal(ReceiveResult.Empty, _right.TryReceive<CoherentMemory>(out _));
    }

    /// <summary>What a dead neighbour sent before it died is still taken; then the side is done.</summary>
    [Fact]
    public void DeadNeighbours_EndTheTraffic_AfterWhatTheySent()
    {
        _instance.State.Traffic.Begin(1000);
        SendFromLeft(0);
        Live(PeerSlot.LeftStatus, InstanceLifecycle.Panicked);
        Live(PeerSlot.RightStatus, InstanceLifecycle.Panicked);
        while (Poll())
        {
        }

        Assert.Equal(1UL, _instance.Status.Received);
        Assert.Equal(1UL, _instance.Status.TrafficDone);
    }

    [Fact]
    public void OneLiveNeighbour_KeepsTheTrafficOpen()
    {
        _instance.State.Traffic.Begin(1000);
        Live(PeerSlot.RightStatus, InstanceLifecycle.Panicked);
        while (Poll())
        {
        }

        Assert.Equal(0UL, _instance.Status.TrafficDone);
        SendFromLeft(0);
        Assert.True(Poll());
        Assert.Equal(1UL, _instance.Status.Received);
    }

    [Fact]
    public void WrongMessages_AreCountedAsErrors()
    {
        _instance.State.Traffic.Begin(0);
        SendFromLeft(0);
        SendFromLeft(5);
        SendFromLeft(2);
        Poll();

        Assert.Equal((2ul, 1ul), (_instance.Status.Received, _instance.Status.Errors));
    }

    /// <summary>A neighbour that floods gets a bounded share of each turn.</summary>
    [Fact]
    public void OneTurn_TakesAtMostABatch()
    {
        _instance.State.Traffic.Begin(0);
        for (ulong number = 0; number < 60; number++)
        {
            SendFromLeft(number);
        }

        Poll();

        Assert.Equal((32ul, 32ul), (_instance.Status.Sent, _instance.Status.Received));
    }

    private void Live(PeerSlot slot, InstanceLifecycle state) => _instance.PeerStatus(slot).State = (ulong)state;

    private void Attach(NeighbourSide side)
    {
        bool isLeft = side == NeighbourSide.Left;
        fixed (InstanceStatus* status = &_instance.PeerStatus(isLeft ? PeerSlot.LeftStatus : PeerSlot.RightStatus))
        {
            _instance.State.Traffic.Attach(
                side, _instance.Ring(isLeft ? PeerSlot.LeftRing : PeerSlot.RightRing), status);
        }
    }

    private void SendFromLeft(ulong number)
    {
        RingMessage message = TrafficMessage.Make(number, 3);
        Assert.Equal(SendResult.Sent, _left.TrySend<CoherentMemory>(in message));
    }

    private bool Poll()
    {
        bool moved = false;
        _instance.RunOnCore(() => moved = NeighbourTraffic.Poll(ref _instance.State));
        return moved;
    }

    private (ulong Sent, ulong Received, ulong Errors, ulong Done) Figures() =>
        (_instance.Status.Sent, _instance.Status.Received, _instance.Status.Errors, _instance.Status.TrafficDone);
}
