using Atoll.Arch;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Programs;
using Atoll.Sched;

namespace Atoll.Kernel.Tests.Programs;

/// <summary>What the event loop does when programs come to a stop (docs/programs.md, "Time"; decision 0240).</summary>
public sealed unsafe class ProgramLoopTests : IDisposable
{
    private const uint InitialCount = 0x380;
    private readonly HaltedCore _core = new() { LocalApic = new ApicModel { Id = 1 } };
    private readonly SimulatedInstance _instance;

    public ProgramLoopTests()
    {
        _instance = new SimulatedInstance(machine: _core);
        _core.WakeAtHalts.Clear();
        ref InstanceState state = ref _instance.State;
        state.TimerAt = ProgramTimer.Never;
        state.DutyAt = ProgramTimer.Never;
        state.TimerIsStale = true;
        _core.Wake = (nint)state.Map.Wake;
        _core.LocalApic.Writes.Clear();
    }

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void AllPrograms_Wait_TheCoreHalts_WhileItsWakeWordSaysSo()
    {
        AnnounceAndRun();
        Enter();
        Assert.Equal([1UL], _core.WakeAtHalts);
        Assert.Equal(2UL, *_instance.State.Map.Wake);
        Assert.Equal(1UL, _instance.Status.Sleeps);

        // Whoever judges its heartbeat sees a sleeper (Fencing): the word is odd, and is not that of a core that runs programs.
        Assert.Equal(0UL, _instance.Status.ProgramsWake);
        Assert.Equal(HaltedCore.Ticks, _instance.Status.SleptTicks);
        Assert.Empty(Counts());
    }

    [Fact]
    public void DutyOfTheEventLoop_EndsTheHalt()
    {
        AnnounceAndRun();
        _instance.State.DutyAt = 1_000_000;
        Enter();
        _ = Assert.Single(Counts());
        Assert.Equal(1_000_000UL, _instance.State.TimerAt);
    }

    [Fact]
    public void OrdersAboutCores_AreObeyedFirst()
    {
        AnnounceAndRun();
        _instance.State.Kernel.Members.HasOrders = true;
        Enter();
        Assert.Empty(_core.WakeAtHalts);
        Assert.Equal(2UL, *_instance.State.Map.Wake);
    }

    [Fact]
    public void ThreadThatWasInterrupted_GoesOnFirst()
    {
        using KernelWorld world = new(CallPath.Fast);
        _instance.State.Kernel.Scheduler.Ready.AddFirst(world.Spawn("interrupted", 7, isPassive: true).Thread);
        AnnounceAndRun();
        Enter();
        Assert.Empty(_core.WakeAtHalts);
    }

    [Fact]
    public void BeforeTheFirstProgram_NothingIsHalted()
    {
        Enter();
        Assert.Empty(_core.WakeAtHalts);
        Assert.Equal(0UL, *_instance.State.Map.Wake);
    }

    [Fact]
    public void TimerThatAHaltHasUsed_IsKnownToBeDisarmed()
    {
        _instance.State.TimerAt = 50_000;
        _instance.RunOnCore(() => TimedHalt.Sleep(ref _instance.State, 10));
        Assert.Equal(ProgramTimer.Never, _instance.State.TimerAt);
    }

    // What RunIfAny does before it goes to ring 3.
    private void AnnounceAndRun() => _instance.RunOnCore(() =>
    {
        ref InstanceState state = ref _instance.State;
        state.Wake.Announce<CoherentMemory>(state.Map.Wake);
        state.Map.Status.ProgramsWake = state.Wake.Value;
    });

    private void Enter() => _instance.RunOnCore(() => ProgramLoop.Enter(ref _instance.State));

    private IEnumerable<ulong> Counts() =>
        _core.LocalApic.Writes.Where(write => write.Offset == InitialCount).Select(write => write.Value);

    private sealed class HaltedCore : SimulatedCore
    {
        public const ulong Ticks = 700;
        private ulong _tsc;

        public List<ulong> WakeAtHalts { get; } = [];

        public nint Wake { get; set; }

        public override ulong ReadTsc() => _tsc;

        public override void SleepUntilInterrupt()
        {
            WakeAtHalts.Add(*(ulong*)Wake);
            _tsc += Ticks;
        }
    }
}
