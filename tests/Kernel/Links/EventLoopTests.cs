using Atoll.Arch;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Links;

/// <summary>When an instance rests, how, and what its wake word says meanwhile. Odd: asleep or about to be.</summary>
public sealed unsafe class EventLoopTests : IDisposable
{
    private const uint TimerInitialCount = 0x380;
    private readonly HaltingCore _core = new() { LocalApic = new ApicModel { Id = 1 } };
    private readonly SimulatedInstance _instance;
    private readonly RawPeer _peer;

    public EventLoopTests()
    {
        _instance = new SimulatedInstance(core: 1, _core);
        _peer = _instance.Connect(0, peer: 0);
        _core.Wake = (nint)_instance.State.Map.Wake;
        _core.LocalApic.Writes.Clear();
    }

    private ulong Wake => *_instance.State.Map.Wake;

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Halt_LiesBetweenAnnounceAndWithdraw()
    {
        Rest(TurnResult.Idle);

        Assert.Equal([1ul], _core.WakeAtHalts);
        Assert.Equal((2ul, 1ul), (Wake, _instance.Status.Sleeps));
        Rest(TurnResult.Worked);
        Assert.Equal([1ul, 3ul], _core.WakeAtHalts);
        Assert.Equal(4ul, Wake);
    }

    /// <summary>What came since the last turn is found by the second look: announced, not halted, withdrawn.</summary>
    [Fact]
    public void MessageOrDeathBeforeTheSecondLook_PreventsTheHalt()
    {
        _peer.Send(kind: 9, epoch: 1);
        Rest(TurnResult.Idle);
        Assert.Equal((0, 2ul, 0ul), (_core.WakeAtHalts.Count, Wake, _instance.Status.Sleeps));

        _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
        *(ulong*)_instance.Page(0, LinkPage.Status) = 0x104;
        Rest(TurnResult.Idle);
        Assert.Equal((0, 4ul), (_core.WakeAtHalts.Count, Wake));
    }

    /// <summary>An answer counts once for each question: what nobody asked for is no sign of life.</summary>
    [Fact]
    public void PongThatNobodyAskedFor_CountsForNothing()
    {
        _peer.Send((uint)KernelMessage.Pong, epoch: 1);
        _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
        Assert.Equal(0ul, _instance.State.Map.Link(0).Pongs);

        _instance.RunOnCore(() => LinkTurn.Ask(ref _instance.State.Map.Link(0)));
        _peer.Send((uint)KernelMessage.Pong, epoch: 1);
        _peer.Send((uint)KernelMessage.Pong, epoch: 1);
        _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
        Assert.Equal(1ul, _instance.State.Map.Link(0).Pongs);
    }

    [Fact]
    public void MoreWork_PreventsTheSleep_AndOpensTheInterruptWindow()
    {
        for (int i = 0; i < 200; i++)
        {
            Rest(TurnResult.More);
        }

        Assert.Equal((0, 200, 0ul), (_core.WakeAtHalts.Count, _core.Windows, Wake));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(17u)]
    [InlineData(64u)]
    public void Sleep_ComesAfterSoManyEmptyTurns(uint idleTurns)
    {
        WorkloadOrder order = new() { Kind = WorkloadKind.Doorbell, IdleTurns = (byte)idleTurns };
        order.Cores.SetWord(0, 0b11);
        _instance.RunOnCore(() => Workload.BeginOn(ref _instance.State, in order));
        int rests = 0;
        while (_core.WakeAtHalts.Count == 0)
        {
            Rest(TurnResult.Idle);
            rests++;
        }

        Assert.Equal(int.Max(1, (int)idleTurns), rests);
        Assert.Equal(rests - 1, _core.Windows);
    }

    /// <summary>No ticks: the timer is armed only when something is due, and disarmed after the sleep.</summary>
    [Fact]
    public void Timer_IsArmedOnlyForWhatIsDue()
    {
        Rest(TurnResult.Idle);
        Assert.Empty(Timers());

        Rest(TurnResult.Idle, microseconds: 10_000);
        Assert.Equal([10_000_000ul, 0ul], Timers());
    }

    /// <summary>
    /// No doorbell tells that a ring has room again: 200 microseconds at most, and never awake all the time.
    /// </summary>
    [Fact]
    public void AnswerThatWaitsForRoom_BoundsTheSleep()
    {
        LinkMessage filler = new() { Kind = (uint)TrialMessage.Traffic };
        ref LinkEntry entry = ref _instance.State.Map.Link(0);
        while (entry.Link.TrySendControl<CoherentMemory>(ref filler) == LinkSendResult.Sent)
        {
        }

        _peer.Send((uint)KernelMessage.Ping, epoch: 1);
        _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
        _core.LocalApic.Writes.Clear();
        Rest(TurnResult.Idle);
        Assert.Equal([200_000ul, 0ul], Timers());
        Assert.Single(_core.WakeAtHalts);

        _peer.TakeAll();
        _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
        Assert.Equal((uint)KernelMessage.Pong, Assert.Single(_peer.TakeAll()).Kind);
    }

    /// <summary>
    /// At the end of a turn in which something was sent: one doorbell to a peer that sleeps, none to one that is awake.
    /// </summary>
    [Fact]
    public void Turn_RingsAPeerThatSleeps_Once()
    {
        ulong* wake = (ulong*)_instance.Page(0, LinkPage.Wake);
        (ulong Wake, int Doorbells)[] turns = [(0, 0), (1, 1), (1, 0), (2, 0), (3, 1), (5, 1)];
        foreach ((ulong word, int doorbells) in turns)
        {
            *wake = word;
            _peer.Send((uint)KernelMessage.Ping, epoch: 1);
            _core.LocalApic.Sent.Clear();
            _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));

            Assert.Equal(doorbells, _core.LocalApic.Sent.Count);
            Assert.Single(_peer.TakeAll());
        }
    }

    private void Rest(TurnResult result, ulong microseconds = EventLoop.NoTimer) =>
        _instance.RunOnCore(() => EventLoop.Rest<TrialProfile>(ref _instance.State, result, microseconds));

    private IEnumerable<ulong> Timers() =>
        _core.LocalApic.Writes.Where(write => write.Offset == TimerInitialCount).Select(write => write.Value);

    private sealed class HaltingCore : SimulatedCore
    {
        public nint Wake { get; set; }

        public List<ulong> WakeAtHalts { get; } = [];

        public int Windows { get; private set; }

        public override void SleepUntilInterrupt() => WakeAtHalts.Add(*(ulong*)Wake);

        public override void TakePendingInterrupts() => Windows++;
    }
}
