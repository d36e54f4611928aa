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

/// <summary>What a turn says that it did, what it counts, and whom it answers: sleep, figures and the verdict rest on it.</summary>
public sealed unsafe class LinkTurnTests : IDisposable
{
    private const uint NotUnderstood = 3;
    private const uint NobodysKind = 9999;

    private readonly CountingCore _core = new() { LocalApic = new ApicModel { Id = 1 } };
    private readonly SimulatedInstance _instance;
    private readonly RawPeer _peer;

    public LinkTurnTests()
    {
        _instance = new SimulatedInstance(core: 1, _core);
        _peer = _instance.Connect(0, peer: 0);
    }

    private ref LinkEntry Entry => ref _instance.State.Map.Link(0);

    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Turn_SaysWhetherThereWasAnything()
    {
        ulong before = _instance.Status.Heartbeat;
        Assert.Equal(TurnResult.Idle, Turn());
        _peer.Send((uint)KernelMessage.Pong, epoch: 1);
        Assert.Equal(TurnResult.Worked, Turn());
        _instance.State.Opening.Want(5);
        Assert.Equal(TurnResult.More, Turn());
        Assert.Equal(before + 3, _instance.Status.Heartbeat);
    }

    /// <summary>A question that finds no room is asked later, once, and until then the instance does not sleep.</summary>
    [Fact]
    public void RequestThatFindsNoRoom_IsMadeLater_Once()
    {
        Fill();
        _instance.State.Opening.Want(5);
        Assert.Equal(TurnResult.More, Turn());
        Assert.False(_instance.State.Opening.HasAskedForAll);

        _peer.TakeAll();
        Assert.Equal(TurnResult.More, Turn());
        LinkMessage request = Assert.Single(_peer.TakeAll());
        Assert.Equal(((uint)KernelMessage.OpenLink, 5ul), (request.Kind, request.Argument0));
        Assert.Equal(TurnResult.Idle, Turn());
        Assert.Empty(_peer.TakeAll());
    }

    /// <summary>An answer that is owed is work in the turn that says it, and none before.</summary>
    [Fact]
    public void AnswerThatIsOwed_IsWorkWhenItIsSaid()
    {
        Fill();
        _peer.Send((uint)KernelMessage.Ping, epoch: 1);
        Assert.Equal(TurnResult.Worked, Turn());
        Assert.Equal(TurnResult.Idle, Turn());
        _peer.TakeAll();
        Assert.Equal(TurnResult.Worked, Turn());
        Assert.Equal((uint)KernelMessage.Pong, Assert.Single(_peer.TakeAll()).Kind);
        Assert.Equal(TurnResult.Idle, Turn());
    }

    /// <summary>The same of a release that the coordinator was not told of; meanwhile nobody else gets the place.</summary>
    [Fact]
    public void ReleaseThatIsOwed_KeepsItsPlace_AndIsWorkWhenItIsSaid()
    {
        _instance.Connect(1, peer: 5, epoch: 77);
        Fill();
        Kill(1);
        Assert.Equal(TurnResult.Worked, Turn());
        Assert.True(_instance.State.Map.Link(1).IsUsed && _instance.State.Map.Link(1).OwesRelease);
        Assert.Equal(TurnResult.Idle, Turn());

        _instance.Prepare(2);
        LinkOffer offer = new() { Peer = 6, PeerApicId = 6, Receive = 0x10_0000, Send = 0x10_1000, Status = 0x20_0000, Life = 0x103, Epoch = 9 };
        LinkOfferResult taken = default;
        _instance.RunOnCore(() => taken = LinkTable.Take<TrialProfile>(ref _instance.State, in offer));
        Assert.Equal((LinkOfferResult.Taken, 2u), (taken, LinkTable.Find(in _instance.State.Map, 6)));

        _peer.TakeAll();
        Assert.Equal(TurnResult.Worked, Turn());
        Assert.Equal((uint)KernelMessage.LinkReleased, Assert.Single(_peer.TakeAll()).Kind);
        Assert.False(_instance.State.Map.Link(1).IsUsed);
    }

    /// <summary>Whoever says what nobody knows hears that; a pong is known, and nobody answers it.</summary>
    [Fact]
    public void KindThatNobodyKnows_IsAnswered_AndAPongIsNot()
    {
        _peer.Send(NobodysKind, epoch: 1, operation: 12);
        Turn();
        LinkMessage answer = Assert.Single(_peer.TakeAll());
        Assert.Equal((NotUnderstood, (ulong)NobodysKind, 12ul), (answer.Kind, answer.Argument0, answer.Operation));

        _peer.Send((uint)KernelMessage.Pong, epoch: 1);
        Turn();
        Assert.Empty(_peer.TakeAll());
    }

    /// <summary>One damaged, two of another epoch, four that nobody knows: seven in all, once the link is gone.</summary>
    [Fact]
    public void RefusedMessages_AreAddedUp()
    {
        RawPeer peer = _instance.Connect(1, peer: 5, epoch: 77);
        peer.Send(new LinkMessage { Kind = (uint)KernelMessage.Ping, Epoch = 77 }, meta: 0x3802);
        Array.ForEach([1, 2], _ => peer.Send((uint)KernelMessage.Ping, epoch: 78));
        Array.ForEach([1, 2, 3, 4], _ => peer.Send(NobodysKind, epoch: 77));
        Turn();
        ref Link link = ref _instance.State.Map.Link(1).Link;
        Assert.Equal((1u, 2u, 4u), (link.CorruptCount, link.StaleCount, link.UnknownCount));
        Kill(1);
        Turn();

        Assert.Equal(7ul, _instance.Status.Refused);
    }

    /// <summary>Who is dead is not rung: its core may be somebody else's by now.</summary>
    [Fact]
    public void DeadPeer_WhoWasToldNothing_IsNotRung()
    {
        _instance.Connect(1, peer: 5, epoch: 77);
        Turn();
        _core.LocalApic.Sent.Clear();
        Kill(1);
        Turn();

        Assert.Equal(1ul, _instance.Status.PeersDied);
        Assert.DoesNotContain(_core.LocalApic.Sent, sent => sent.Item1 == 5);
    }

    /// <summary>As many links as there are places, and the turn looks at no place behind them.</summary>
    [Fact]
    public void FullTable_HasATurn()
    {
        _instance.State.Map.LinkCapacity = 2;
        RawPeer peer = _instance.Connect(1, peer: 5);
        peer.Send((uint)KernelMessage.Ping, epoch: 1);

        Assert.Equal(TurnResult.Worked, Turn());
        Assert.Equal((uint)KernelMessage.Pong, Assert.Single(peer.TakeAll()).Kind);
    }

    [Fact]
    public void PlaceThatIsUsed_IsNotOpenedAgain()
    {
        LinkOffer offer = new() { Peer = 9, PeerApicId = 9, Life = 0x103, Epoch = 4 };

        Assert.Throws<CheckFailedException>(() =>
            _instance.RunOnCore(() => LinkTable.OpenMapped<TrialProfile>(ref _instance.State, 0, in offer)));
    }

    /// <summary>The instance's duty hears of each link, when it is in its place.</summary>
    [Fact]
    public void Duty_HearsOfALink()
    {
        _instance.Prepare(1);
        LinkOffer offer = new() { Peer = 9, PeerApicId = 9, Life = 0x103, Epoch = 4 };
        ListeningDuty.Heard.Clear();
        _instance.RunOnCore(() => LinkTable.OpenMapped<ListeningDuty>(ref _instance.State, 1, in offer));

        Assert.Equal([9u], ListeningDuty.Heard);
    }

    /// <summary>An APIC that never says that a doorbell is on its way is a fault of the machine, but not for a kernel that dies already.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DoorbellThatCannotBeSent_IsAFailedCheck_ButNotInAPanic(bool isPanicking)
    {
        _instance.State.IsPanicking = isPanicking;
        _core.LocalApic.PendingLooks = int.MaxValue;
        Exception? failure = Record.Exception(() => _instance.RunOnCore(() =>
            InstanceLinks.Ring(ref _instance.State, in _instance.State.Map.Link(0).Link)));

        Assert.Equal(isPanicking ? null : typeof(CheckFailedException), failure?.GetType());
        Assert.Equal(isPanicking ? 1ul : 0, _instance.Status.DoorbellsRung);
    }

    /// <summary>What an instance has slept stands in its status page when it wakes.</summary>
    [Fact]
    public void Sleep_IsCounted()
    {
        _instance.RunOnCore(() => EventLoop.Rest<TrialProfile>(ref _instance.State, TurnResult.Idle, EventLoop.NoTimer));

        Assert.Equal(700ul, _instance.Status.SleptTicks);
    }

    private TurnResult Turn()
    {
        TurnResult result = default;
        _instance.RunOnCore(() => result = EventLoop.Turn<TrialProfile>(ref _instance.State));
        return result;
    }

    // All slots to the coordinator, those that are kept for control messages included.
    private void Fill()
    {
        LinkMessage filler = new() { Kind = (uint)TrialMessage.Traffic };
        while (Entry.Link.TrySendControl<CoherentMemory>(ref filler) == LinkSendResult.Sent)
        {
        }
    }

    private void Kill(uint position) => *(ulong*)_instance.Page(position, LinkPage.Status) = 0x104;

    private sealed class CountingCore : SimulatedCore
    {
        private ulong _tsc;

        public override ulong ReadTsc() => _tsc;

        public override void SleepUntilInterrupt() => _tsc += 700;
    }

    private readonly struct ListeningDuty : IDuty
    {
        public static List<uint> Heard { get; } = [];

        public static bool Turn(ref InstanceState state, bool received) => false;

        public static void TurnEnded(ref InstanceState state)
        {
        }

        public static void Linked(ref InstanceState state, ref LinkEntry entry)
        {
            Assert.True(entry.IsUsed);
            Heard.Add(entry.Link.Peer);
        }

        public static void Unlinked(ref InstanceState state, uint position, uint peer, ulong epoch)
        {
        }

        public static bool Handle(ref InstanceState state, ref LinkEntry entry, in LinkMessage message) => false;

        public static uint IdleTurns(ref readonly InstanceState state) => 0;

        public static int ReceiveBudget(ref readonly InstanceState state) => 1;

        public static bool AwaitsRoom(ref readonly InstanceState state) => false;
    }
}
