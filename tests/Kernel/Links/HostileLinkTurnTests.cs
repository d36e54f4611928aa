using Atoll.Abi;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Coordinator;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Links;

/// <summary>
/// Peers that write any word of any page they can write, between any two turns: the event loop goes on, each turn is
/// bounded,
/// and nothing but the links' own pages is written.
/// </summary>
public sealed unsafe class HostileLinkTurnTests
{
    private const uint Links = 4;
    private const int RingBatchMax = 32;
    private const byte Guard = 0xA5;

    [Fact]
    public void Member_OutlivesItsPeers() => Seeds.ForEach(30, random =>
    {
        using var instance = new SimulatedInstance();
        instance.Peers.Bytes.Fill(Guard);
        instance.Connect(0, peer: 0);
        Begin(instance, random);
        for (int turn = 0; turn < 400; turn++)
        {
            // Position 0 is the coordinator's, who is believed in what it says about its own link; the peers are not.
            for (uint position = 1; position < Links; position++)
            {
                Reopen(instance, random, position);
                Vandalise(random, instance, position);
            }

            Turn(instance);
        }

        Assert.True(instance.Status.PeersDied > 0 && instance.Status.Refused > 0);
        Assert.Equal(LifeWord.Of(1, InstanceLifecycle.Healthy), instance.Status.Life);
        AssertGuardsIntact(instance);
    });

    /// <summary>The coordinator's own peers: whatever they say, it buries them at worst, and goes on.</summary>
    [Fact]
    public void Coordinator_OutlivesItsMembers() => Seeds.ForEach(30, random =>
    {
        using var coordinator = new SimulatedCoordinator(members: 3);
        SimulatedInstance instance = coordinator.Instance;
        uint turns = 0;
        for (; turns < 300 && coordinator.State.Died < 3; turns++)
        {
            for (uint position = 0; position < 3; position++)
            {
                if (instance.State.Map.Link(position).IsUsed)
                {
                    Vandalise(random, instance, position);
                }
            }

            Turn(instance);
            coordinator.SendOffers();
            Assert.True(coordinator.UsedFrames <= 2 * 3);
        }

        Assert.Equal(coordinator.State.Died, (uint)instance.Status.PeersDied);
        for (int core = 1; core <= 3; core++)
        {
            bool isLinked = LinkTable.Find(in instance.State.Map, (uint)core) != LinkTable.None;
            Assert.Equal(isLinked, coordinator.State.Instances[core].Lifecycle == InstanceLifecycle.Healthy);
        }
    });

    private static void Begin(SimulatedInstance instance, Random random)
    {
        WorkloadOrder order = new() { Kind = (WorkloadKind)random.Next(1, 5), Limit = (uint)random.Next(1000) };
        order.Cores.SetWord(0, 0b11_1111);
        instance.RunOnCore(() => Workload.BeginOn(ref instance.State, in order));
    }

    // A peer that is gone comes back with another epoch, and may have written into its rings before this end opens.
    private static void Reopen(SimulatedInstance instance, Random random, uint position)
    {
        if (instance.State.Map.Link(position).IsUsed)
        {
            return;
        }

        instance.Prepare(position);
        for (int i = random.Next(3); i > 0; i--)
        {
            Vandalise(random, instance, position);
        }

        LinkOffer offer = new()
        {
            Peer = position + 1,
            PeerApicId = position + 1,
            Receive = 0x10_0000,
            Send = 0x10_1000,
            Status = 0x20_0000,
            Life = 0x103,
            Epoch = 1,
        };
        instance.RunOnCore(() => LinkTable.Take<TrialProfile>(ref instance.State, in offer));
    }

    private static void Turn(SimulatedInstance instance)
    {
        ulong[] before = [.. Enumerable.Range(0, (int)Links).Select(position => Taken(instance, (uint)position))];
        instance.RunOnCore(() => EventLoop.Turn<TrialProfile>(ref instance.State));
        for (uint position = 0; position < Links; position++)
        {
            ulong after = Taken(instance, position);
            Assert.True(after < before[position] || after - before[position] <= RingBatchMax);
        }
    }

    // Messages that a link has taken, whatever they were; a link that is gone has taken none.
    private static ulong Taken(SimulatedInstance instance, uint position)
    {
        ref LinkEntry entry = ref instance.State.Map.Link(position);
        ref Link link = ref entry.Link;
        ulong passed = entry.IsUsed ? WorkStatus.Of(ref instance.Status).Pairs[(int)link.Peer].Received : 0;
        return passed + link.CorruptCount + link.StaleCount + link.UnknownCount;
    }

    private static void Vandalise(Random random, SimulatedInstance instance, uint position)
    {
        for (int writes = random.Next(80); writes > 0; writes--)
        {
            var receive = (RingSlot*)instance.Page(position, LinkPage.Receive);
            RingSlot* slot = &receive[random.Next(RingSlot.PerPage)];
            switch (random.Next(10))
            {
                case < 6:
                    slot->Payload = default;
                    slot->Payload.Word0 = (uint)(random.Next(4) == 0 ? random.Next(0x100, 0x106) : random.Next(30));
                    slot->Payload.Word2 = random.Next(8) == 0 ? (ulong)random.Next(3) : 1;
                    slot->Payload.Word3 = Word(random);
                    slot->Meta = random.Next(8) == 0 ? (uint)random.Next() : LinkMessage.Meta;
                    slot->Sequence = (uint)(slot - receive) + 1 + (64 * (uint)random.Next(3));
                    break;
                case 6:
                    ((ulong*)instance.Page(position, LinkPage.Receive))[random.Next(512)] = Word(random);
                    break;
                case 7:
                    ((ulong*)instance.Page(position, LinkPage.Send))[random.Next(512)] = Word(random);
                    break;
                case 8:
                    ((ulong*)instance.Page(position, LinkPage.Wake))[random.Next(16)] = Word(random);
                    break;
                default:
                    int word = random.Next(300) == 0 ? 0 : random.Next(1, 512);
                    ((ulong*)instance.Page(position, LinkPage.Status))[word] = Word(random);
                    break;
            }
        }
    }

    private static ulong Word(Random random) => random.Next(3) switch
    {
        0 => (ulong)random.Next(200),
        1 => ulong.MaxValue - (ulong)random.Next(3),
        _ => (ulong)random.NextInt64(),
    };

    private static void AssertGuardsIntact(SimulatedInstance instance) => Assert.Equal(
        -1, instance.Peers.Bytes[(int)(Links * PeerMap.PagesPerLink * HostPages.PageBytes)..].IndexOfAnyExcept(Guard));
}
