using System.Runtime.InteropServices;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Members;
using Atoll.Remote;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Members;

/// <summary>What a member does when the coordinator speaks, in words that mean something and in others.</summary>
public sealed class MemberProtocolTests : IDisposable
{
    private readonly SimulatedInstance _instance = new(core: 2);
    private readonly RawPeer _coordinator;

    public MemberProtocolTests() => _coordinator = _instance.Connect(0, peer: 0);

    public void Dispose() => _instance.Dispose();

    /// <summary>A matrix of cores 0, 2 and 5: the link to core 0 is there, that to core 5 is asked for, once.</summary>
    [Fact]
    public void BeginWorkload_AsksForMissingLinksOnce()
    {
        _coordinator.Send((uint)TrialMessage.BeginWorkload, epoch: 1, argument0: (ulong)WorkloadKind.Matrix);
        Turn();
        Assert.Empty(_coordinator.TakeAll());

        WorkloadOrder order = new() { Kind = WorkloadKind.Matrix, Limit = 1 };
        order.Cores.SetWord(0, 0b10_0101);
        LinkMessage begin = order.Encode();
        begin.Epoch = 1;
        _coordinator.Send(begin);
        Turn();
        Turn();

        List<LinkMessage> sent = _coordinator.TakeAll();
        Assert.Equal(5ul, Assert.Single(sent, message => message.Kind == (uint)KernelMessage.OpenLink).Argument0);
        Assert.True(_instance.State.Opening.IsPending);
    }

    /// <summary>
    /// The link that was asked for comes, or is refused, or dies with who makes it: each ends the waiting.
    /// </summary>
    [Theory]
    [InlineData(KernelMessage.TakeLink)]
    [InlineData(KernelMessage.LinkUnavailable)]
    [InlineData(KernelMessage.Pong)]
    public unsafe void EveryAnswer_EndsTheWaiting(KernelMessage answer)
    {
        BeginWorkload_AsksForMissingLinksOnce();
        _instance.Prepare(1);
        switch (answer)
        {
            case KernelMessage.TakeLink:
                LinkOffer offer = Offer(peer: 5);
                _coordinator.Send(LinkOfferMessage.Encode(in offer) with { Epoch = 1 });
                break;
            case KernelMessage.LinkUnavailable:
                _coordinator.Send((uint)answer, epoch: 1, argument0: 5);
                break;
            default:
                *(ulong*)_instance.Page(0, LinkPage.Status) = 0x104;
                break;
        }

        Turn();
        Assert.DoesNotContain(_coordinator.TakeAll(), message => message.Kind == (uint)LinkKind.NotUnderstood);
        Assert.False(_instance.State.Opening.IsPending);
        Assert.Equal(answer == KernelMessage.TakeLink ? 1u : LinkTable.None, LinkTable.Find(in _instance.State.Map, 5));
    }

    /// <summary>
    /// Who made the links is dead: one that has not opened may never have been offered to its other end.
    /// </summary>
    [Fact]
    public unsafe void DeathOfTheCoordinator_EndsLinksThatAreNotOpen()
    {
        _instance.Connect(1, peer: 5);
        _instance.Prepare(2);
        LinkOffer offer = Offer(peer: 6);
        _instance.RunOnCore(() => Assert.Equal(LinkOfferResult.Taken, LinkTable.Take<TrialProfile>(ref _instance.State, in offer)));
        *(ulong*)_instance.Page(0, LinkPage.Status) = 0x104;
        Turn();

        Assert.Equal(LinkTable.None, LinkTable.Find(in _instance.State.Map, 0));
        Assert.Equal(1u, LinkTable.Find(in _instance.State.Map, 5));
        Assert.Equal(LinkTable.None, LinkTable.Find(in _instance.State.Map, 6));
        Assert.False(_instance.State.Map.Link(0).IsUsed, "nobody is left who could be told of a release");
        Assert.Equal(1ul, _instance.Status.PeersDied);
    }

    /// <summary>A full table is looked through to its last place, and not beyond.</summary>
    [Fact]
    public void DeathOfTheCoordinator_LooksAtEveryPlace()
    {
        _instance.State.LinkCount = _instance.State.Map.LinkCapacity;

        _instance.RunOnCore(() => LinkLoss.Accept(ref _instance.State, LinkTable.ToCoordinator, InstanceState.CoordinatorCore, epoch: 1));

        Assert.Equal(_instance.State.Map.LinkCapacity, _instance.State.LinkCount);
    }

    /// <summary>A peer that dies while the next link to it is asked for: nobody waits for that any more.</summary>
    [Fact]
    public void LossOfALink_EndsTheWaitingForItsPeer()
    {
        _instance.State.Opening.Want(5);
        _instance.State.Opening.Asked(5);

        _instance.RunOnCore(() => LinkLoss.Accept(ref _instance.State, 1, peer: 5, epoch: 3));

        Assert.False(_instance.State.Opening.IsPending);
        Assert.Equal(3ul, Assert.Single(_coordinator.TakeAll(), message => message.Kind == (uint)KernelMessage.LinkReleased).Operation);
    }

    /// <summary>The coordinator hears which offer was taken, and how that went.</summary>
    [Theory]
    [InlineData(5u, LinkOfferResult.Taken)]
    [InlineData(0u, LinkOfferResult.AlreadyLinked)]
    public void Offer_IsAnswered(uint peer, LinkOfferResult expected)
    {
        _instance.Prepare(1);
        LinkOffer offer = Offer(peer);
        _coordinator.Send(LinkOfferMessage.Encode(in offer) with { Epoch = 1 });
        Turn();

        LinkMessage answer = Assert.Single(_coordinator.TakeAll());
        Assert.Equal(
            ((uint)KernelMessage.LinkTaken, 8ul, (ulong)expected), (answer.Kind, answer.Operation, answer.Argument0));
    }

    /// <summary>What a peer was granted comes before the link to it, and belongs to that link alone.</summary>
    [Theory]
    [InlineData(5u, 0x4000_0000ul, 0x20_0000ul)]
    [InlineData(6u, 0ul, 0ul)]
    public void Grant_BelongsToTheLinkThatFollows(uint peer, ulong start, ulong bytes)
    {
        PeerGrant grant = new() { Peer = 5, Base = 0x4000_0000, Bytes = 0x20_0000 };
        _coordinator.Send(LinkOfferMessage.Encode(in grant) with { Epoch = 1 });
        Turn();
        Assert.Empty(_coordinator.TakeAll());
        _instance.Prepare(1);
        LinkOffer offer = Offer(peer);
        _coordinator.Send(LinkOfferMessage.Encode(in offer) with { Epoch = 1 });
        Turn();

        ref LinkEntry entry = ref _instance.State.Map.Link(LinkTable.Find(in _instance.State.Map, peer));
        Assert.Equal((start, bytes), (entry.Grant.Base, entry.Grant.Bytes));
    }

    /// <summary>A core to which there will be no link is lost for what crosses, too.</summary>
    [Fact]
    public unsafe void CoreOutOfReach_IsLostForCapabilities()
    {
        nuint bytes = (nuint)RemoteState.BytesFor(channels: 1);
        void* records = NativeMemory.AlignedAlloc(bytes, 64);
        try
        {
            ref RemoteState remote = ref _instance.State.Kernel.Remote;
            remote.Begin((ulong)records, channels: 1, core: 2);
            foreach (uint peer in new[] { 5u, 6u })
            {
                Assert.True(remote.Exports.TryTake(out uint number));
                remote.Exports[number].Peer = peer;
                remote.Exports[number].State = CrossingState.Held;
            }

            _coordinator.Send((uint)KernelMessage.LinkUnavailable, epoch: 1, argument0: 5);
            Turn();

            Assert.Equal((CrossingState.Gone, CrossingState.Held), (remote.Exports[0].State, remote.Exports[1].State));
        }
        finally
        {
            _instance.State.Kernel.Remote = default;
            NativeMemory.AlignedFree(records);
        }
    }

    /// <summary>What the deputy is told to do at the end; a number that is none means: go on.</summary>
    [Theory]
    [InlineData(0, EndPolicy.Never, 1, true)]
    [InlineData(1, EndPolicy.Pass, 0, false)]
    [InlineData(2, EndPolicy.Hold, 2, false)]
    [InlineData(3, EndPolicy.Never, 1, true)]
    [InlineData(ulong.MaxValue, EndPolicy.Never, ulong.MaxValue, false)]
    public void Deputy_DoesWhatItIsTold(ulong end, EndPolicy expected, ulong death, bool expectsDeath)
    {
        _coordinator.Send((uint)KernelMessage.BeDeputy, epoch: 1, argument0: death, argument1: end);
        Turn();

        Assert.Empty(_coordinator.TakeAll());
        Assert.Equal((true, expectsDeath, expected),
            (_instance.State.Deputy.IsDeputy, _instance.State.Deputy.ExpectsDeath, _instance.State.Deputy.End));
    }

    /// <summary>
    /// Any words of any kind: the turn ends, nothing takes a value that no enumeration has, nothing of its own is
    /// mapped.
    /// </summary>
    [Fact]
    public void AnyWords_AreSurvived() => Seeds.ForEach(60, random =>
    {
        using var instance = new SimulatedInstance(core: 2);
        RawPeer coordinator = instance.Connect(0, peer: 0);
        for (int i = 0; i < 200; i++)
        {
            LinkMessage message = new()
            {
                Kind = (uint)(random.Next(4) == 0 ? random.Next(0x100, 0x106) : random.Next(16, 30)),
                Epoch = 1,
                Operation = Word(random),
                Argument0 = Word(random),
                Argument1 = Word(random),
                Argument2 = Word(random),
                Argument3 = Word(random),
            };
            coordinator.Send(message);
            instance.RunOnCore(() => LinkTurn.Receive<TrialProfile>(ref instance.State));
            coordinator.TakeAll();

            Assert.True(Enum.IsDefined(FaultOrder.Of(ref instance.State).Kind) && Enum.IsDefined(instance.State.Deputy.End));
            Assert.Equal(LinkState.Open, instance.State.Map.Link(0).Link.State);
            AssertNothingOfItsOwnIsMapped(instance);
        }
    });

    private static unsafe void AssertNothingOfItsOwnIsMapped(SimulatedInstance instance)
    {
        for (int slot = 0; slot < 512; slot++)
        {
            ulong physical = instance.State.Map.PeerEntries[slot] & 0x000F_FFFF_FFFF_F000;
            Assert.False(physical - SimulatedInstance.PrivateBase < SimulatedInstance.PrivatePages * 0x1000);
        }
    }

    private static LinkOffer Offer(uint peer) => new()
    {
        Peer = peer,
        PeerApicId = peer,
        Receive = 0x10_0000,
        Send = 0x10_1000,
        Status = 0x20_0000,
        Life = 0x103,
        Epoch = 8,
    };

    // Words that mean something are frequent: small numbers, pages, pages of its own.
    private static ulong Word(Random random) => random.Next(5) switch
    {
        0 => (ulong)random.Next(20),
        1 => (ulong)random.Next(1 << 20) << 12,
        2 => SimulatedInstance.PrivateBase + ((ulong)random.Next(-3, 20) << 12) + (ulong)random.Next(2),
        3 => ulong.MaxValue - (ulong)random.Next(4),
        _ => (ulong)random.NextInt64(),
    };

    private void Turn() => _instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref _instance.State));
}
