using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>What the coordinator reads off a member's pages before it judges its silence, and what it leaves of one that hangs.</summary>
public sealed unsafe class FencingTests : IDisposable
{
    private const uint Member = 1;
    private const uint Doorbell = 0x40F0;
    private const ulong Look = 10_000_000;
    private const uint DeadlineMilliseconds = 100;

    // The frame window's page for writing: the last slot of the peer tables.
    private const int WriteSlot = 511;

    private readonly SimulatedCoordinator _coordinator = new(members: 2);

    public FencingTests()
    {
        _coordinator.State.Parameters.HangDeadlineMilliseconds = DeadlineMilliseconds;
        Status.Heartbeat = 7;
    }

    public void Dispose() => _coordinator.Dispose();

    private SimulatedInstance Instance => _coordinator.Instance;

    private ref InstanceStatus Status => ref *(InstanceStatus*)Instance.Page(CoordinatorInstance.LinkOf(Member), LinkPage.Status);

    /// <summary>
    /// A wake word is odd while its owner sleeps, and one that its programs' rest has written is on the status page as well. Decision 0182:
    /// no patience with whoever is awake, half a deadline while programs run, five with a sleeper.
    /// </summary>
    [Theory]
    [InlineData(2ul, 2ul, 0u)]
    [InlineData(3ul, 3ul, 50u)]
    [InlineData(5ul, 3ul, 500u)]
    public void Silence_IsBorneByWhatTheWakeWordSays(ulong wake, ulong programsWake, uint patienceMilliseconds)
    {
        *(ulong*)Instance.Page(CoordinatorInstance.LinkOf(Member), LinkPage.Wake) = wake;
        Status.ProgramsWake = programsWake;

        ulong rung = TimeUntil(() => Instance.Core.LocalApic.Sent.Contains((Member, Doorbell)));

        Assert.InRange(rung, patienceMilliseconds * 1_000_000ul, (patienceMilliseconds * 1_000_000ul) + (3 * Look));
    }

    /// <summary>The heartbeat is in the row that programs read; the life is over for all who look; it is told once.</summary>
    [Fact]
    public void WhoStaysSilent_IsFencedAndTold()
    {
        ref InstanceEntry entry = ref _coordinator.State.Instances[(int)Member];
        entry.Incarnation = 3;
        _ = TimeUntil(() => new MemberCondition(_coordinator.State.Instances[(int)Member].Row.Condition).State == MemberState.Fenced);

        MemberCondition condition = new(entry.Row.Condition);
        Assert.Equal((MemberState.Fenced, MemberCause.Hang), (condition.State, condition.Cause));
        Assert.Equal(7ul, entry.Row.Heartbeat);
        Assert.Equal(["@hang core=1 life=3 heartbeat=7"], Instance.Core.Uart.Lines.Where(line => line.StartsWith('@')));
        Assert.Equal(LifeWord.Of(3, InstanceLifecycle.Fenced), ((InstanceStatus*)Instance.Peers.Page(WriteSlot))->Life);
        Assert.Equal(0ul, Instance.State.Map.PeerEntries[WriteSlot]);
    }

    private ulong TimeUntil(Func<bool> isDone)
    {
        ulong start = Instance.Core.Tsc;
        _coordinator.State.Instances[(int)Member].Suspicion.Begin(start);
        Instance.Core.LocalApic.Sent.Clear();
        for (int look = 1; look < 200; look++)
        {
            Instance.Core.Tsc = start + ((ulong)look * Look);
            Instance.RunOnCore(() => Fencing.Look(ref Instance.State, ref _coordinator.State, Member));
            if (isDone())
            {
                return Instance.Core.Tsc - start;
            }
        }

        throw new InvalidOperationException("two seconds of silence, and nothing is done about it");
    }
}
