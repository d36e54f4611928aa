using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Mm;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>What the coordinator concludes from status pages, crash pages and answers. None of them is trusted.</summary>
public sealed unsafe class SupervisionTests : IDisposable
{
    private const uint DoorbellCommand = 0x40F0;
    private const int ReadSlot = 510;
    private const int WriteSlot = 511;
    private readonly SimulatedCoordinator _coordinator = new(members: 2);

    public void Dispose() => _coordinator.Dispose();

    private SimulatedInstance Instance => _coordinator.Instance;

    /// <summary>A record of another core says nothing about this one's death.</summary>
    [Theory]
    [InlineData(1ul, true)]
    [InlineData(2ul, false)]
    public void CrashRecord_IsBelievedFromItsOwnCoreOnly(ulong core, bool isBelieved)
    {
        CrashRecord* record = (CrashRecord*)Instance.Peers.Page(ReadSlot);
        record->Magic = CrashRecord.MagicValue;
        record->Core = core;
        record->Frame.Vector = 6;

        Instance.RunOnCore(() => Supervisor.Bury<TrialProfile>(ref Instance.State, ref _coordinator.State, core: 1));

        string[] lines = Instance.Core.Uart.Lines;
        Assert.Equal(isBelieved, lines.Any(line => line.StartsWith("@panic core=1 reason=invalid-opcode ", StringComparison.Ordinal)));
        Assert.Equal(!isBelieved, lines.Contains("no crash record: core 1"));
    }

    /// <summary>Peers believe the life word: it is written for one that could not, and one that wrote its own is left with that.</summary>
    [Theory]
    [InlineData(InstanceLifecycle.Healthy, InstanceLifecycle.Fenced)]
    [InlineData(InstanceLifecycle.Panicked, InstanceLifecycle.Panicked)]
    public void Buried_HasALifeWordThatSaysSo(InstanceLifecycle own, InstanceLifecycle last)
    {
        InstanceStatus* status = (InstanceStatus*)Instance.Peers.Page(WriteSlot);
        status->Life = LifeWord.Of(1, own);

        Instance.RunOnCore(() => Supervisor.Bury<TrialProfile>(ref Instance.State, ref _coordinator.State, core: 1));

        Assert.Equal(LifeWord.Of(1, last), status->Life);
        Assert.Equal((0ul, 0ul), (Instance.State.Map.PeerEntries[WriteSlot], Instance.State.Map.PeerEntries[ReadSlot]));
    }

    /// <summary>Where the dead are started again, a death is one line, whatever is in the crash page; and it is ordered at once.</summary>
    [Theory]
    [InlineData(MemberState.Healthy, 0)]
    [InlineData(MemberState.Fenced, 1)]
    public void DeathAmongMany_IsOneLine(MemberState state, int stopped)
    {
        CoordinatorPages<TrialProfile>.ProfileOf(ref _coordinator.State).Parameters.Kills = 1;
        _coordinator.Become(1, state);

        Instance.RunOnCore(() => Supervisor.Bury<TrialProfile>(ref Instance.State, ref _coordinator.State, core: 1));

        Assert.Equal([$"@death core=1 life=1 stopped={stopped}"], Instance.Core.Uart.Lines.Where(line => line.StartsWith('@')));
        Assert.DoesNotContain(Instance.Core.Uart.Lines, line => line.StartsWith("no crash record", StringComparison.Ordinal));
        Assert.Equal(MemberOrder.Start, _coordinator.State.Instances[1].Row.Order);
    }

    /// <summary>A core for whose instance there is no memory stays as it is, which is told and counted.</summary>
    [Fact]
    public void StartWithoutMemory_IsGivenUp()
    {
        ref InstanceEntry entry = ref _coordinator.State.Instances[1];
        _coordinator.Become(1, MemberState.Dead);
        entry.Plan.Base = 0;
        Assert.Equal(FramePoolResult.Done, _coordinator.State.Pool.Take(SimulatedCoordinator.PoolFrames, ulong.MaxValue, out _));

        Restarts.Want(ref Instance.State, ref entry);
        Instance.RunOnCore(() => _ = Restarts.Turn<TrialProfile>(ref Instance.State, ref _coordinator.State, next: 0));

        Assert.Equal(["@start-failed core=1 apic=1 reason=memory"], Instance.Core.Uart.Lines.Where(line => line.StartsWith('@')));
        Assert.Equal((1u, 1u), (_coordinator.State.Failed, entry.Incarnation));
        MemberCondition condition = new(entry.Row.Condition);
        Assert.Equal((MemberState.Failed, MemberCause.Memory, MemberOrder.None), (condition.State, condition.Cause, entry.Row.Order));
    }

    /// <summary>There is one start page: a second start while one is under way is a bug of the kernel.</summary>
    [Fact]
    public void StartWhileAnotherIsUnderWay_IsABug()
    {
        _coordinator.State.Starting.Begin(2);

        Assert.Throws<CheckFailedException>(() => Instance.RunOnCore(
            () => _ = CoreStarter.Begin<TrialProfile>(ref Instance.State, ref _coordinator.State, core: 1)));
    }

    /// <summary>Strays that are new are reported with the last vector; those that were reported before are not.</summary>
    [Fact]
    public void StrayInterrupt_IsReportedOnce()
    {
        ref InstanceStatus status = ref Instance.Status;
        (status.StrayCount, status.StrayVector) = (2, 77);

        Look();
        Look();
        Assert.Equal(["@stray core=0 vector=77 count=2"], Strays());

        (status.StrayCount, status.StrayVector) = (3, 78);
        Look();
        Assert.Equal(["@stray core=0 vector=77 count=2", "@stray core=0 vector=78 count=3"], Strays());

        string[] Strays() => [.. Instance.Core.Uart.Lines.Where(line => line.StartsWith("@stray core=0 ", StringComparison.Ordinal))];
    }

    /// <summary>Who has not answered a question since the death has not shown anything.</summary>
    [Fact]
    public void Survivor_MustAnswer()
    {
        ref InstanceEntry entry = ref _coordinator.State.Instances[1];
        _coordinator.Instance.RunOnCore(() => Survival.Demand<TrialProfile>(ref Instance.State, ref _coordinator.State));

        Assert.False(IsShown());
        _coordinator.Members[0].Send((uint)KernelMessage.Pong, epoch: 1);
        Receive();
        Assert.True(IsShown());
        Assert.Equal(1ul, Instance.State.Map.Link(0).Pongs - entry.PongsBefore);
    }

    /// <summary>An answer to an earlier question shows nothing of what came after; who has answered is not asked again.</summary>
    [Fact]
    public void Survivor_AnswersEachDemand()
    {
        Demand();
        _coordinator.Members[0].Send((uint)KernelMessage.Pong, epoch: 1);
        Receive();
        Assert.True(IsShown());
        Assert.False(Instance.State.Map.Link(0).AwaitsPong);

        Demand();
        Assert.False(IsShown());
        Assert.True(Instance.State.Map.Link(0).AwaitsPong);

        void Demand() => Instance.RunOnCore(() => Survival.Demand<TrialProfile>(ref Instance.State, ref _coordinator.State));
    }

    /// <summary>What was received before the demand is no sign of life after it.</summary>
    [Fact]
    public void Work_CountsFromTheDemand()
    {
        ref TrialProfile profile = ref CoordinatorPages<TrialProfile>.ProfileOf(ref _coordinator.State);
        profile.Order.Kind = WorkloadKind.Ring;
        profile.Order.Cores.Add(0);
        profile.Order.Cores.Add(1);
        WorkStatus.Of(ref Instance.Status).Received = 50;
        Instance.RunOnCore(() => Survival.Demand<TrialProfile>(ref Instance.State, ref _coordinator.State));

        Assert.False(profile.Works(in Instance.State, core: 0));
        WorkStatus.Of(ref Instance.Status).Received = 51;
        Assert.True(profile.Works(in Instance.State, core: 0));
    }

    /// <summary>An answer that nobody asked for counts for nothing.</summary>
    [Fact]
    public void AnswerBeforeTheQuestion_CountsForNothing()
    {
        _coordinator.Members[0].Send((uint)KernelMessage.Pong, epoch: 1);
        _coordinator.Members[0].Send((uint)KernelMessage.Pong, epoch: 1);
        Receive();

        Assert.Equal(0ul, Instance.State.Map.Link(0).Pongs);
    }

    /// <summary>With an end, all may have come before the death; without one, more must come; without partners the answer is enough.</summary>
    [Theory]
    [InlineData(WorkloadKind.Ring, 100u, 50ul, 0ul, false)]
    [InlineData(WorkloadKind.Ring, 100u, 100ul, 1ul, true)]
    [InlineData(WorkloadKind.Ring, 0u, 50ul, 0ul, false)]
    [InlineData(WorkloadKind.Ring, 0u, 51ul, 0ul, true)]
    [InlineData(WorkloadKind.None, 0u, 50ul, 0ul, true)]
    public void Work_IsASignOfLife_AsFarAsThereIsAny(WorkloadKind kind, uint limit, ulong received, ulong done, bool isShown)
    {
        WorkloadOrder order = new() { Kind = kind, Limit = limit };
        order.Cores.Add(0);
        order.Cores.Add(1);
        ref WorkStatus status = ref WorkStatus.Of(ref Instance.Status);
        status.Received = 50;
        WorkloadWatch watch = default;
        watch.Demanded(ref Instance.State, core: 0);
        status.Received = received;
        status.Done = done;

        Assert.Equal(isShown, watch.Works(in Instance.State, core: 0, in order));
    }

    /// <summary>A question to one who sleeps is rung for in the same turn: nothing else would wake it.</summary>
    [Fact]
    public void QuestionOfSupervision_IsRungForBeforeTheRest()
    {
        _coordinator.State.Instances[1].OwesSurvival = true;

        // What was sent before is behind us: only the question is left to ring for.
        Instance.RunOnCore(() => LinkTurn.End(ref Instance.State));
        *(ulong*)Instance.Page(0, LinkPage.Wake) = 1;
        Instance.Core.LocalApic.Sent.Clear();

        Instance.RunOnCore(() => CoordinatorInstance.Turn<TrialProfile>(ref Instance.State, ref _coordinator.State, out _));

        Assert.Contains(_coordinator.Sent(1), message => message.Kind == (uint)KernelMessage.Ping);
        Assert.Contains((1u, DoorbellCommand), Instance.Core.LocalApic.Sent);
    }

    /// <summary>A coordinator that has looked less and less often in quiet looks often again as soon as there is work.</summary>
    [Theory]
    [InlineData(false, Limits.QuietLookMicroseconds)]
    [InlineData(true, Limits.LookMicroseconds)]
    public void Turn_ThatFindsWork_BringsTheNextLookNear(bool hasWork, uint period)
    {
        _coordinator.State.LookPeriod = Limits.QuietLookMicroseconds;
        _coordinator.State.NextLook = ulong.MaxValue;
        if (hasWork)
        {
            _coordinator.Members[0].Send((uint)KernelMessage.Ping, epoch: 1);
        }

        Instance.RunOnCore(() => CoordinatorInstance.Turn<TrialProfile>(ref Instance.State, ref _coordinator.State, out _));

        Assert.Equal(period, _coordinator.State.LookPeriod);
        Assert.Equal(hasWork, _coordinator.State.NextLook != ulong.MaxValue);
    }

    /// <summary>One wrong message is one too many.</summary>
    [Theory]
    [InlineData(0ul, "@verdict result=pass")]
    [InlineData(1ul, "@verdict result=fail reason=ring-errors")]
    [InlineData(2ul, "@verdict result=fail reason=ring-errors")]
    public void Conclusion_CountsEveryError(ulong errors, string verdict)
    {
        WorkStatus.Of(ref Instance.Status).Errors = errors;

        Assert.Throws<ParkedException>(() => Instance.RunOnCore(
            () => Conclusion.Reach<TrialProfile>(ref Instance.State, ref _coordinator.State)));

        Assert.Equal(verdict, Instance.Core.Uart.Lines.Last(line => line.Length > 0));
    }

    private void Receive() => Instance.RunOnCore(() => LinkTurn.Receive<TrialProfile>(ref Instance.State));

    private void Look() => Instance.RunOnCore(() =>
    {
        _coordinator.State.NextLook = 0;
        _ = Supervisor.Poll<TrialProfile>(ref Instance.State, ref _coordinator.State, worked: false);
    });

    private bool IsShown()
    {
        bool shown = false;
        Instance.RunOnCore(() => shown = Survival.IsShown(ref Instance.State, in _coordinator.State.Instances[1], core: 1));
        return shown;
    }
}
