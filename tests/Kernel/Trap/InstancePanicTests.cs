using Atoll.Abi;
using Atoll.Arch;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Provision;
using Atoll.Links;
using Atoll.Trap;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Trap;

/// <summary>The order of a death: report, then the word that announces it, then the doorbells.</summary>
public sealed unsafe class InstancePanicTests : IDisposable
{
    private readonly DyingCore _core = new() { LocalApic = new ApicModel { Id = 3 } };
    private readonly SimulatedInstance _instance;

    public InstancePanicTests()
    {
        _instance = new SimulatedInstance(core: 3, _core);
        _core.Status = (nint)_instance.State.Map.StatusPage;
        _core.Crash = (nint)_instance.State.Map.CrashPage;
    }

    public void Dispose() => _instance.Dispose();

    /// <summary>From the life word on the console is the deputy's and the crash page the coordinator's.</summary>
    [Theory]
    [InlineData(InstanceRole.Member)]
    [InlineData(InstanceRole.Coordinator)]
    public void Report_ComesBeforeTheLifeWord_AndDoorbellsAfter(InstanceRole role)
    {
        _instance.Connect(0, peer: 8);
        _instance.State.Role = role;
        _instance.State.HasDeputy = true;
        _core.LocalApic.Sent.Clear();
        _core.Events.Clear();

        Die();

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Panicked), _instance.Status.Life);
        Assert.Equal(CrashRecord.MagicValue, _instance.Crash.Magic);
        Assert.Equal(role == InstanceRole.Coordinator, _core.Events.Any(seen => seen.What == 'c'));
        Assert.All(
            _core.Events.Where(seen => seen.What == 'c'),
            seen => Assert.Equal((3ul, true), (seen.Life & 0xFF, seen.HasRecord)));
        Assert.Equal([('d', 0x104ul, true)], _core.Events.Where(seen => seen.What == 'd'));
    }

    /// <summary>Whoever has a link that is open or opening is woken; nobody else is.</summary>
    [Fact]
    public void Doorbells_GoToEveryLink()
    {
        _instance.Connect(0, peer: 8);
        _instance.Connect(1, peer: 9);
        _instance.Prepare(2);
        LinkOffer offer = new() { Peer = 10, PeerApicId = 10, Life = 0x103, Epoch = 1 };
        _instance.RunOnCore(() => LinkTable.OpenMapped<TrialProfile>(ref _instance.State, 2, in offer));
        _instance.Connect(3, peer: 11);
        _instance.RunOnCore(() => LinkTable.Release(ref _instance.State, 3));
        LinkTable.OweRelease(ref _instance.State, 3, peer: 11, epoch: 1, isHeldBack: false);
        _core.LocalApic.Sent.Clear();

        Die();

        Assert.Equal([(8u, 0x40F0u), (9u, 0x40F0u), (10u, 0x40F0u)], _core.LocalApic.Sent);
    }

    /// <summary>
    /// A fault while the record is written: the death is announced all the same, the first record is left alone.
    /// </summary>
    [Fact]
    public void FaultInAPanic_AnnouncesAndParks()
    {
        _instance.Connect(0, peer: 8);
        _instance.State.IsPanicking = true;
        _core.LocalApic.Sent.Clear();

        Die();

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Panicked), _instance.Status.Life);
        Assert.Equal(0ul, _instance.Crash.Magic);
        Assert.Equal("", _core.Uart.Text);
        Assert.Single(_core.LocalApic.Sent);
    }

    /// <summary>A fault in the announcement: nothing is tried again, or a damaged link table would ring for ever.</summary>
    [Fact]
    public void FaultInTheAnnouncement_Parks()
    {
        _instance.Connect(0, peer: 8);
        _instance.State.IsPanicking = true;
        _instance.State.IsAnnouncing = true;
        _core.LocalApic.Sent.Clear();

        Die();

        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), _instance.Status.Life);
        Assert.Empty(_core.LocalApic.Sent);
    }

    /// <summary>A machine check or NMI may come between two bytes of a record.</summary>
    [Fact]
    public void Report_BeginsOnALineOfItsOwn()
    {
        _instance.State.Role = InstanceRole.Coordinator;
        _instance.State.HasDeputy = true;
        _instance.RunOnCore(() => SerialConsole.Text("@live core=3 sta"u8));

        Die();

        Assert.Equal("@live core=3 sta", _core.Uart.Lines[0]);
        Assert.Equal("core 3: panic, invalid-opcode at 0x" + (SampleImage.VirtualBase + 4).ToString("x"), _core.Uart.Lines[1]);
    }

    /// <summary>The next peer is told, and no panic begins in the panic.</summary>
    [Fact]
    public void ApicThatNeverDelivers_DoesNotKeepTheDyingFromParking()
    {
        _instance.Connect(0, peer: 8);
        _instance.Connect(1, peer: 9);
        _core.LocalApic.Sent.Clear();
        _core.LocalApic.PendingLooks = 1_000_000;

        Die();

        Assert.Equal([(8u, 0x40F0u), (9u, 0x40F0u)], _core.LocalApic.Sent);
    }

    [Fact]
    public void ApicThatNeverDelivers_EndsALivingInstance()
    {
        _instance.Connect(0, peer: 8);
        _core.LocalApic.PendingLooks = int.MaxValue;

        Assert.Throws<CheckFailedException>(() => _instance.RunOnCore(() =>
            InstanceLinks.Ring(ref _instance.State, in _instance.State.Map.Link(0).Link)));
    }

    private void Die() => Assert.Throws<ParkedException>(() => _instance.RunOnCore(() =>
        InstancePanic.Die(ref _instance.State, new TrapFrame { Vector = 6, Rip = SampleImage.VirtualBase + 4 })));

    private sealed class DyingCore : SimulatedCore
    {
        public nint Status { get; set; }

        public nint Crash { get; set; }

        // 'c' a byte on the console, 'd' an interrupt sent; what life word and crash page said then.
        public List<(char What, ulong Life, bool HasRecord)> Events { get; } = [];

        public override void WritePort(ushort port, byte value)
        {
            Note('c');
            base.WritePort(port, value);
        }

        public override void WriteMmio(ulong address, uint value)
        {
            if ((address & 0xFFF) == 0x300)
            {
                Note('d');
            }

            base.WriteMmio(address, value);
        }

        private void Note(char what)
        {
            if (Status != 0)
            {
                bool hasRecord = ((CrashRecord*)Crash)->Magic == CrashRecord.MagicValue;
                Events.Add((what, ((InstanceStatus*)Status)->Life, hasRecord));
            }
        }
    }
}
