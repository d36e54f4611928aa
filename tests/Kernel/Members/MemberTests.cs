using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Members;
using Atoll.Programs;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Members;

/// <summary>A member from its first instruction to its first halt.</summary>
public sealed class MemberTests : IDisposable
{
    private const uint CoreNumber = 2;

    // Intel SDM Vol. 3A, "Local APIC Register Address Map": the timer's initial count.
    private const uint InitialCount = 0x380;

    private readonly HaltingCore _core = new() { LocalApic = new ApicModel { Id = CoreNumber }, TscStep = 7 };
    private readonly SimulatedInstance _instance;

    public MemberTests()
    {
        _instance = new SimulatedInstance(CoreNumber, _core);
        _instance.Prepare(LinkTable.ToCoordinator);
        _instance.Status.Life = 0;
        _instance.State.CoordinatorOffer = new LinkOffer { Peer = 0, PeerApicId = 0, Life = 0x103, Epoch = 1 };
    }

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Run_SaysHealthy_AndHowLongTheBootTook()
    {
        _core.Tsc = 5000;
        _instance.State.EntryTsc = 4000;

        Run();

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), _instance.Status.Life);
        Assert.InRange(_instance.Status.BootTicks, 1000ul, 2000ul);
        Assert.Equal(LinkState.Greeting, _instance.State.Map.Link(LinkTable.ToCoordinator).Link.State);
        Assert.Equal(ProgramTimer.Never, _instance.State.TimerAt);
        Assert.Equal(1u, _instance.State.Kernel.Figures.Turns);
    }

    /// <summary>On another core than the one that it was made for: the check fails, while it still says that it boots.</summary>
    [Fact]
    public void Run_OnAnotherCore_IsAFailedCheck()
    {
        _instance.State.ApicId = CoreNumber + 1;

        _instance.RunOnCore(() => Assert.Throws<Atoll.Arch.CheckFailedException>(() => Member.Run<TrialProfile>(ref _instance.State)));

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Booting), _instance.Status.Life);
    }

    /// <summary>Who has nothing to do by itself sleeps without a timer; who has the console looks at it now and then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Member_HaltsWithATimer_OnlyWhenItHasTheConsole(bool hasConsole)
    {
        _instance.State.Deputy.HasConsole = hasConsole;

        Run();

        Assert.Equal(hasConsole, _core.LocalApic.Register(InitialCount) != 0);
    }

    private void Run() =>
        _instance.RunOnCore(() => Assert.Throws<ParkedException>(() => Member.Run<TrialProfile>(ref _instance.State)));

    // A halt is the end of the test.
    private sealed class HaltingCore : SimulatedCore
    {
        /// <inheritdoc/>
        public override void SleepUntilInterrupt() => throw new ParkedException();
    }
}
