using Atoll.Base;
using Atoll.Boot;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Coordinator;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>The product's instances have no work but their role: they answer, sleep and end as the boot parameters say.</summary>
public sealed class ProductProfileTests
{
    [Theory]
    [InlineData(TrialMessage.BeginWorkload)]
    [InlineData(TrialMessage.ProvokeFault)]
    [InlineData(TrialMessage.Traffic)]
    [InlineData(TrialMessage.Token)]
    [InlineData(TrialMessage.LastWords)]
    [InlineData(TrialMessage.LastWordsHeard)]
    public void MessagesOfTrials_AreUnknown(TrialMessage kind)
    {
        using var instance = new SimulatedInstance();
        RawPeer coordinator = instance.Connect(0, peer: 0);

        coordinator.Send((uint)kind, epoch: 1);
        instance.RunOnCore(() => EventLoop.Turn<ProductProfile>(ref instance.State));

        Assert.Equal(1ul, instance.State.Map.Link(0).Link.UnknownCount);
        Assert.Single(coordinator.TakeAll());
    }

    /// <summary>Who is linked with the coordinator only sleeps at the first empty turn, who has more links at the 64th.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 64)]
    [InlineData(3, 64)]
    public void Sleep_ComesLater_WhereSeveralMayWrite(int links, int turns)
    {
        var core = new SleepyCore();
        using var instance = new SimulatedInstance(core: 1, core);
        for (int position = 0; position < links; position++)
        {
            instance.Connect((uint)position, peer: (uint)(position == 0 ? 0 : position + 1));
        }

        int rests = 0;
        while (core.Sleeps == 0)
        {
            instance.RunOnCore(() => EventLoop.Rest<ProductProfile>(ref instance.State, TurnResult.Idle, EventLoop.NoTimer));
            rests++;
        }

        Assert.Equal(turns, rests);
    }

    /// <summary>A deputy that has the console has nothing to finish first.</summary>
    [Fact]
    public void Deputy_ReportsAtOnce()
    {
        using var instance = new SimulatedInstance();
        instance.State.Deputy.HasConsole = true;
        instance.RunOnCore(() => EventLoop.Turn<ProductProfile>(ref instance.State));

        Assert.Single(instance.Core.Uart.Lines, line => line.StartsWith("@survivor core=1 heartbeat=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RunWithAnEnd_EndsWhenAllHaveAnswered(uint last)
    {
        using var coordinator = new SimulatedCoordinator(members: 2);
        coordinator.State.Parameters.End = EndPolicy.Pass;
        coordinator.State.HasStarted = true;

        // Members that are played have no heartbeat: no time passes in which that would be noticed.
        coordinator.State.Parameters.HangDeadlineMilliseconds = Limits.HangDeadlineMilliseconds;
        coordinator.Instance.State.Clock = new Clock { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };
        Look(coordinator);
        coordinator.Members[2 - last].Send((uint)KernelMessage.Pong, epoch: 1);
        Look(coordinator);
        Assert.DoesNotContain(coordinator.Instance.Core.Uart.Lines, line => line.StartsWith('@'));

        coordinator.Members[last - 1].Send((uint)KernelMessage.Pong, epoch: 1);
        Assert.Throws<ParkedException>(() => Look(coordinator));
        Assert.Equal("@verdict result=pass", coordinator.Instance.Core.Uart.Lines.Last(line => line.Length > 0));
    }

    // One turn in which supervision looks at everything.
    private static void Look(SimulatedCoordinator coordinator)
    {
        coordinator.State.LookPeriod = 0;
        coordinator.State.NextLook = 0;
        coordinator.Instance.RunOnCore(
            () => CoordinatorInstance.Turn<ProductProfile>(ref coordinator.Instance.State, ref coordinator.State, out _));
    }

    private sealed class SleepyCore : SimulatedCore
    {
        public int Sleeps { get; private set; }

        public override void SleepUntilInterrupt() => Sleeps++;

        public override void TakePendingInterrupts()
        {
        }
    }
}
