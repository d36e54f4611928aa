using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>Links between members: made once, offered to both, their pages back when both ends are gone.</summary>
public sealed unsafe class LinkRegistryTests
{
    private const uint TakeLink = (uint)KernelMessage.TakeLink;
    private const uint LinkUnavailable = (uint)KernelMessage.LinkUnavailable;

    [Fact]
    public void BothAsk_OneLink_CrossedOffers()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        coordinator.State.Instances[2].Incarnation = 6;

        Assert.True(coordinator.TryMake(1, 2) && coordinator.TryMake(2, 1) && coordinator.TryMake(1, 2));
        Assert.Equal(2ul, coordinator.UsedFrames);
        Assert.True(coordinator.SendOffers());
        Assert.False(coordinator.SendOffers());

        LinkOffer first = OnlyOffer(coordinator.Sent(1));
        LinkOffer second = OnlyOffer(coordinator.Sent(2));
        Assert.Equal((2u, 1u), (first.Peer, second.Peer));
        Assert.Equal((first.Send, first.Receive, first.Epoch), (second.Receive, second.Send, second.Epoch));
        Assert.Equal(0x603ul, first.Life);
        Assert.Equal(0x103ul, second.Life);
        Assert.Equal(coordinator.State.Instances[2].Plan.AddressOf(PageKind.Status), first.Status);
        Assert.Equal(coordinator.State.Instances[1].Plan.AddressOf(PageKind.Status), second.Status);
        Assert.Empty(coordinator.Sent(3));
        ref LinkRegistry links = ref coordinator.State.Links;
        Assert.True(links.Mentions(1) && links.Mentions(2) && !links.Mentions(3));
    }

    /// <summary>The frames of rings were somebody else's: nothing of that is left for either end to read.</summary>
    [Fact]
    public void Rings_AreZeroedBeforeAnybodyHasThem()
    {
        const byte Dirt = 0xA5;
        using var coordinator = new SimulatedCoordinator(members: 2);
        Span<byte> window = new(coordinator.Instance.Peers.Page(511), HostPages.PageBytes);
        window.Fill(Dirt);

        Assert.True(coordinator.TryMake(1, 2));

        Assert.DoesNotContain(Dirt, window.ToArray());
    }

    /// <summary>
    /// Every order of what can happen to the two ends, repetitions too: the pages come back once, when both are gone.
    /// </summary>
    [Fact]
    public void PagesComeBack_WhenBothEndsAreGone_InEveryOrder()
    {
        // 0, 1: core 1 or 2 releases; 2, 3: core 1 or 2 dies.
        foreach (int[] order in Sequences(4, length: 4))
        {
            using var coordinator = new SimulatedCoordinator(members: 2);
            coordinator.TryMake(1, 2);
            coordinator.SendOffers();
            ulong epoch = OnlyOffer(coordinator.Sent(1)).Epoch;
            HashSet<uint> gone = [];
            foreach (int step in order)
            {
                uint core = (uint)(step % 2) + 1;
                if (step < 2)
                {
                    coordinator.State.Links.Released(ref coordinator.State.Pool, epoch, core);
                }
                else
                {
                    coordinator.State.Links.Died(ref coordinator.State.Pool, core);
                }

                gone.Add(core);
                Assert.Equal(gone.Count == 2 ? 0ul : 2ul, coordinator.UsedFrames);
                Assert.Equal(gone.Count != 2, coordinator.State.Links.Mentions(1));
            }
        }
    }

    /// <summary>
    /// An end that died before the other was offered the link: there is no link, and who asked is told so.
    /// </summary>
    [Fact]
    public void EndThatDiesBeforeTheOffer_IsRefusedToTheOther()
    {
        foreach (uint dead in (uint[])[1, 2])
        {
            using var coordinator = new SimulatedCoordinator(members: 2);
            coordinator.TryMake(1, 2);

            coordinator.State.Links.Died(ref coordinator.State.Pool, dead);

            Assert.Equal(0ul, coordinator.UsedFrames);
            Assert.True(coordinator.SendOffers());
            LinkMessage told = Assert.Single(coordinator.Sent(3 - dead));
            Assert.Equal((LinkUnavailable, (ulong)dead), (told.Kind, told.Argument0));
            Assert.Empty(coordinator.Sent(dead));
        }
    }

    [Fact]
    public void FullRing_DelaysOffersAndRefusals_AndLosesNone()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        ref Link link = ref coordinator.Instance.State.Map.Link(0).Link;
        LinkMessage filler = new() { Kind = (uint)TrialMessage.Traffic };
        while (link.TrySend<CoherentMemory>(ref filler) == LinkSendResult.Sent)
        {
        }

        coordinator.TryMake(1, 2);
        coordinator.State.Links.Refuse(1, 3);
        Assert.True(coordinator.SendOffers());
        Assert.False(coordinator.SendOffers());
        OnlyOffer(coordinator.Sent(2));
        Assert.All(coordinator.Sent(1), message => Assert.Equal((uint)TrialMessage.Traffic, message.Kind));

        Assert.True(coordinator.SendOffers());
        Assert.Equal([TakeLink, LinkUnavailable], coordinator.Sent(1).Select(message => message.Kind));
        Assert.False(coordinator.SendOffers());
    }

    [Fact]
    public void Epochs_AreNeverUsedAgain() => Seeds.ForEach(5, random =>
    {
        using var coordinator = new SimulatedCoordinator(members: 4);
        HashSet<ulong> epochs = [];
        for (int i = 0; i < 200; i++)
        {
            uint first = (uint)random.Next(1, 5);
            uint second = (first % 4) + 1;
            Assert.True(coordinator.TryMake(first, second));
            coordinator.SendOffers();
            Assert.True(epochs.Add(OnlyOffer(coordinator.Sent(first)).Epoch));
            coordinator.Sent(second);
            coordinator.State.Links.Died(ref coordinator.State.Pool, first);
            coordinator.State.Links.Released(ref coordinator.State.Pool, epochs.Max(), second);
            Assert.Equal(0ul, coordinator.UsedFrames);
        }
    });

    [Fact]
    public void ReleaseByAThirdCore_OrOfNoLink_ChangesNothing()
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        coordinator.TryMake(1, 2);
        coordinator.SendOffers();
        ulong epoch = OnlyOffer(coordinator.Sent(1)).Epoch;
        foreach (ulong forged in (ulong[])[epoch, 0, epoch + 1, ulong.MaxValue])
        {
            coordinator.State.Links.Released(ref coordinator.State.Pool, forged, by: 3);
        }

        coordinator.State.Links.Released(ref coordinator.State.Pool, epoch + 1, by: 1);
        coordinator.State.Links.Released(ref coordinator.State.Pool, epoch, by: 1);
        Assert.Equal(2ul, coordinator.UsedFrames);
        coordinator.State.Links.Released(ref coordinator.State.Pool, epoch, by: 2);
        Assert.Equal(0ul, coordinator.UsedFrames);
    }

    /// <summary>Who has let go of a link that the other still holds cannot have it back yet.</summary>
    [Fact]
    public void LinkThatTheAskingEndLetGoOf_IsRefused()
    {
        using var coordinator = new SimulatedCoordinator(members: 2);
        coordinator.TryMake(1, 2);
        coordinator.SendOffers();
        coordinator.State.Links.Released(ref coordinator.State.Pool, OnlyOffer(coordinator.Sent(1)).Epoch, by: 1);

        Assert.False(coordinator.TryMake(1, 2));
        Assert.True(coordinator.TryMake(2, 1));
        Assert.Equal(2ul, coordinator.UsedFrames);
    }

    /// <summary>512 links at a time, and no more than there is memory for.</summary>
    [Fact]
    public void TableOrPoolThatIsFull_RefusesLinks()
    {
        using var coordinator = new SimulatedCoordinator(members: 1, cores: 128);
        int made = 0;
        for (uint first = 1; first < 128 && made < 513; first++)
        {
            for (uint second = first + 1; second < 128 && coordinator.TryMake(first, second); second++)
            {
                made++;
            }
        }

        Assert.Equal((512, 1024ul), (made, coordinator.UsedFrames));
        coordinator.State.Links.Died(ref coordinator.State.Pool, 1);
        coordinator.State.Links.Died(ref coordinator.State.Pool, 2);
        coordinator.State.Pool = default;
        Assert.False(coordinator.TryMake(1, 2));
    }

    [Fact]
    public void RingPeers_RingsWhoIsLinkedWithTheDead()
    {
        using var coordinator = new SimulatedCoordinator(members: 4);
        coordinator.TryMake(2, 1);
        coordinator.TryMake(2, 4);
        coordinator.TryMake(3, 4);
        coordinator.Instance.Core.LocalApic.Sent.Clear();

        coordinator.Instance.RunOnCore(() =>
            coordinator.State.Links.RingPeers(in coordinator.Instance.State, in coordinator.State.Cores, 2));

        Assert.Equal([(1u, 0x40F0u), (4u, 0x40F0u)], coordinator.Instance.Core.LocalApic.Sent);
    }

    private static LinkOffer OnlyOffer(List<LinkMessage> messages)
    {
        LinkMessage message = Assert.Single(messages);
        Assert.Equal(TakeLink, message.Kind);
        return LinkOfferMessage.Decode(in message);
    }

    private static IEnumerable<int[]> Sequences(int choices, int length) =>
        length == 0
            ? [[]]
            : Sequences(choices, length - 1).SelectMany(rest =>
                Enumerable.Range(0, choices).Select(step => (int[])[.. rest, step]));
}
