using Atoll.Abi;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>What members may ask of the coordinator: each for itself, and nothing that harms another.</summary>
public sealed class CoordinatorProtocolTests
{
    private const uint LinkUnavailable = (uint)KernelMessage.LinkUnavailable;

    [Fact]
    public void OpenLink_ToAHealthyMember_IsOfferedToBoth()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);

        Assert.True(coordinator.Handle(1, Open(peer: 3)));
        coordinator.SendOffers();

        Assert.Equal((uint)KernelMessage.TakeLink, Assert.Single(coordinator.Sent(1)).Kind);
        Assert.Equal((uint)KernelMessage.TakeLink, Assert.Single(coordinator.Sent(3)).Kind);
        Assert.Empty(coordinator.Sent(2));
    }

    /// <summary>
    /// Itself, the coordinator, a core that is not there or dead: told that there will be none. No machine has 255.
    /// </summary>
    [Fact]
    public void OpenLink_ToAnybodyElse_IsRefused()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        coordinator.Become(2, MemberState.Dead);
        foreach (ulong peer in (ulong[])[0, 1, 2, 4, 254])
        {
            Assert.True(coordinator.Handle(1, Open(peer)));
            coordinator.SendOffers();
            LinkMessage told = Assert.Single(coordinator.Sent(1));
            Assert.Equal((LinkUnavailable, peer), (told.Kind, told.Argument0));
        }

        foreach (ulong peer in (ulong[])[255, 1ul << 32, ulong.MaxValue])
        {
            Assert.True(coordinator.Handle(1, Open(peer)));
        }

        Assert.False(coordinator.SendOffers());
        Assert.Equal(0ul, coordinator.UsedFrames);
    }

    /// <summary>An end that refuses its offer has let go of the link; one that takes it has not.</summary>
    [Fact]
    public void LinkTaken_CountsOnlyAsARefusal()
    {
        using var coordinator = new SimulatedCoordinator(members: 2);
        coordinator.Handle(1, Open(peer: 2));
        coordinator.SendOffers();
        ulong epoch = Assert.Single(coordinator.Sent(1)).Operation;

        coordinator.Handle(1, Answer(KernelMessage.LinkTaken, epoch, LinkOfferResult.Taken));
        coordinator.Handle(2, Answer(KernelMessage.LinkTaken, epoch, LinkOfferResult.TableFull));
        Assert.Equal(2ul, coordinator.UsedFrames);
        coordinator.Handle(1, Answer(KernelMessage.LinkReleased, epoch, LinkOfferResult.Taken));
        Assert.Equal(0ul, coordinator.UsedFrames);
    }

    /// <summary>Who says that it has let go of others' link is not heard: the link keeps its pages, and both ends go on.</summary>
    [Fact]
    public void ReleaseOfAnothersLink_IsNotHeard()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        coordinator.Handle(2, Open(peer: 3));
        coordinator.SendOffers();
        ulong epoch = Assert.Single(coordinator.Sent(2)).Operation;

        // From the stranger, for both ends; then from one end, twice: it cannot speak for the other.
        coordinator.Handle(1, Answer(KernelMessage.LinkReleased, epoch, LinkOfferResult.Taken));
        coordinator.Handle(1, Answer(KernelMessage.LinkTaken, epoch, LinkOfferResult.TableFull));
        coordinator.Handle(2, Answer(KernelMessage.LinkReleased, epoch, LinkOfferResult.Taken));
        coordinator.Handle(2, Answer(KernelMessage.LinkReleased, epoch, LinkOfferResult.Taken));
        Assert.Equal(2ul, coordinator.UsedFrames);
        coordinator.Handle(3, Answer(KernelMessage.LinkReleased, epoch, LinkOfferResult.Taken));
        Assert.Equal(0ul, coordinator.UsedFrames);
    }

    /// <summary>
    /// Any words from one member: the links of the others stay, and no more memory is used than there are pairs.
    /// </summary>
    [Fact]
    public void AnyWords_HarmNobodyElse() => Seeds.ForEach(60, random =>
    {
        using var coordinator = new SimulatedCoordinator(members: 4);
        Assert.True(coordinator.TryMake(2, 3));
        coordinator.SendOffers();
        coordinator.Sent(2);
        coordinator.Sent(3);
        for (int i = 0; i < 500; i++)
        {
            KernelMessage kind = (KernelMessage)random.Next(12, 32);
            bool known = coordinator.Handle(1, new LinkMessage
            {
                Kind = (uint)kind,
                Operation = (ulong)random.Next(8),
                Argument0 = random.Next(3) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(8),
                Argument1 = (ulong)random.NextInt64(),
                Argument2 = (ulong)random.NextInt64(),
                Argument3 = (ulong)random.NextInt64(),
            });
            coordinator.SendOffers();
            coordinator.Sent(1);

            Assert.Equal(
                kind is KernelMessage.OpenLink or KernelMessage.LinkTaken or KernelMessage.LinkReleased
                    or KernelMessage.OpenChannel or KernelMessage.CancelChannel or KernelMessage.ReleaseChannel,
                known);
            Assert.InRange(coordinator.UsedFrames, 2ul, 8ul);
        }

        Assert.All(coordinator.Sent(2).Concat(coordinator.Sent(3)), offer =>
            Assert.Equal(((uint)KernelMessage.TakeLink, 1u), (offer.Kind, LinkOfferMessage.Decode(in offer).Peer)));
        Assert.True(coordinator.State.Links.Mentions(2));
    });

    private static LinkMessage Open(ulong peer) => new() { Kind = (uint)KernelMessage.OpenLink, Argument0 = peer };

    private static LinkMessage Answer(KernelMessage kind, ulong epoch, LinkOfferResult result) =>
        new() { Kind = (uint)kind, Operation = epoch, Argument0 = (ulong)result };
}
