using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>What the coordinator concludes from status pages, crash pages and answers. None of them is trusted.</summary>
public sealed unsafe class SupervisionTests : IDisposable
{
    private const uint DoorbellCommand = 0x40F0;
    private const int ReadSlot = 510;
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
