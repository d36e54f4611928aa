using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Coordinator;
using Atoll.Kernel.Tests.Machine;
using Atoll.Links;
using Atoll.Programs;

namespace Atoll.Kernel.Tests.Channels;

/// <summary>Kernels that say anything about channels: to another kernel, and to the coordinator.</summary>
public sealed unsafe class HostileChannelTests : IDisposable
{
    private const uint Ends = 8;
    private const int Members = 4;
    private const uint Hostile = 1;
    private const uint Peer = 2;
    private const ulong Name = 7;
    private const ulong Epoch = 5;

    private readonly SimulatedCoordinator _coordinator = new(Members);
    private readonly void* _table = NativeMemory.AlignedAlloc(Ends * ChannelEntry.SizeBytes, 64);
    private readonly void* _records = NativeMemory.AlignedAlloc((nuint)ChannelRegistry.BytesFor(Members + 1, Ends), 64);
    private readonly Notification* _notification = (Notification*)NativeMemory.AlignedAlloc(64, 64);

    public HostileChannelTests()
    {
        Channels.Begin((ulong)_table, Ends, core: 0);
        _coordinator.State.Channels.Begin((ulong)_records, Members + 1, Ends);
        *_notification = default;
    }

    private ref InstanceState Instance => ref _coordinator.Instance.State;

    private ref ChannelTable Channels => ref Instance.Kernel.Channels;

    public void Dispose()
    {
        _coordinator.Dispose();
        NativeMemory.AlignedFree(_table);
        NativeMemory.AlignedFree(_records);
        NativeMemory.AlignedFree(_notification);
    }

    /// <summary>Tables are laid out by these sizes: a field more than fits would lie in the next entry, or in what follows the table.</summary>
    [Fact]
    public void EntriesAndRecords_HaveTheirSizes()
    {
        Assert.Equal(ChannelEntry.SizeBytes, sizeof(ChannelEntry));
        Assert.Equal(ChannelRecord.SizeBytes, sizeof(ChannelRecord));
    }

    /// <summary>Only the kernel of the other end, with the number and the epoch of the channel, is believed.</summary>
    [Theory]
    [InlineData(Peer, 0ul, Epoch, true)]
    [InlineData(Hostile, 0ul, Epoch, false)]
    [InlineData(Peer, 1ul, Epoch, false)]
    [InlineData(Peer, 0ul, Epoch - 1, false)]
    [InlineData(Peer, (ulong)uint.MaxValue, Epoch, false)]
    public void RingAndFarewell_AreBelieved_OnlyFromTheOtherEnd(uint from, ulong number, ulong epoch, bool isBelieved)
    {
        OpenEnd();
        _notification->IsPending = false;
        Tell(from, KernelMessage.RingChannel, number, epoch);
        Assert.Equal(isBelieved, _notification->IsPending);
        Assert.Equal(isBelieved ? 0ul : 1, Channels.Refused);

        Tell(from, KernelMessage.ChannelFarewell, number, epoch);
        Assert.Equal(isBelieved ? ChannelState.PeerDied : ChannelState.Open, Channels[0].State);
    }

    /// <summary>A farewell is heard once, however often it is said.</summary>
    [Fact]
    public void Farewell_IsHeardOnce()
    {
        OpenEnd();
        Tell(Peer, KernelMessage.ChannelFarewell, 0, Epoch);
        _notification->IsPending = false;
        Tell(Peer, KernelMessage.ChannelFarewell, 0, Epoch);
        Tell(Peer, KernelMessage.RingChannel, 0, Epoch);
        Assert.False(_notification->IsPending);
    }

    /// <summary>A coordinator that died after it had told one end only: the end that waits in vain says so, and the other hears that it is alone.</summary>
    [Fact]
    public void EndThatWaitsInVain_DisownsTheOther()
    {
        OpenEnd();
        Assert.True(Channels.TryAsk(Hostile, Name, out uint waiting));
        Assert.Equal(ChannelDebts.Ask, Channels[waiting].Owes);
        _ = Channels.Settle(Channels.TakeOwing(), ChannelDebts.Ask);
        Channels.LoseMaker(ref Instance.Kernel.Scheduler);
        Assert.Equal((ChannelState.Unavailable, ChannelDebts.Disown), (Channels[waiting].State, Channels[waiting].Owes));
        Assert.Equal(ChannelState.Open, Channels[0].State);

        Tell(Hostile, KernelMessage.ChannelDisowned, Offer().PeerNumber, 0);
        Tell(Peer, KernelMessage.ChannelDisowned, Offer().PeerNumber + 1, 0);
        Assert.Equal(ChannelState.Open, Channels[0].State);
        _notification->IsPending = false;
        Tell(Peer, KernelMessage.ChannelDisowned, Offer().PeerNumber, 0);
        Assert.Equal((ChannelState.PeerDied, true), (Channels[0].State, _notification->IsPending));
    }

    /// <summary>An offer that nobody asked for, or of other pages than a channel can have, opens nothing.</summary>
    [Fact]
    public void Offer_IsTaken_OnlyAsAskedFor()
    {
        Assert.True(Channels.TryAsk(Peer, Name, out uint number));
        foreach (ChannelOffer wrong in new[]
        {
            Offer() with { Number = 3 }, Offer() with { Name = Name + 1 }, Offer() with { Peer = Hostile }, Offer() with { Number = uint.MaxValue },
        })
        {
            ChannelOffer offer = wrong;
            ChannelTurn.Take(ref Instance, in offer);
            Assert.Equal(ChannelState.Asking, Channels[number].State);
        }

        ChannelOffer own = Offer() with { Send = Instance.PrivateBase };
        Instance.PrivateBase = 0x20_0000;
        Instance.PrivatePages = 16;
        own.Send = 0x20_1000;
        ChannelTurn.Take(ref Instance, in own);
        Assert.Equal(ChannelState.Unavailable, Channels[number].State);
    }

    /// <summary>Whatever a member says, others keep their channel, and its share bounds what it takes.</summary>
    [Fact]
    public void AnyWords_HarmNobodyElse() => Seeds.ForEach(40, random =>
    {
        using var test = new HostileChannelTests();
        test.Ask(2, number: 0, peer: 3);
        test.Ask(3, number: 0, peer: 2);
        ulong held = test._coordinator.UsedFrames;
        Assert.Equal(2ul, held);
        for (int i = 0; i < 400; i++)
        {
            KernelMessage kind = (KernelMessage)random.Next((int)KernelMessage.OpenChannel, (int)KernelMessage.ReleaseChannel + 1);
            test.Say(Hostile, new LinkMessage
            {
                Kind = (uint)kind,
                Operation = (ulong)random.Next(6),
                Argument0 = random.Next(3) == 0 ? (ulong)random.NextInt64() : (uint)random.Next(4) + ((ulong)random.Next(6) << 32),
                Argument1 = (ulong)random.Next(4),
            });
            test._coordinator.Sent(Hostile);
            Assert.True(test._coordinator.State.Channels.Used <= Ends + 1);
        }

        Assert.Equal(ChannelStage.Made, test._coordinator.State.Channels[0].Stage);
        Assert.InRange(test._coordinator.UsedFrames, held, held + (2 * Ends));
        Assert.DoesNotContain(test._coordinator.Sent(2).Concat(test._coordinator.Sent(3)), sent => sent.Kind != (uint)KernelMessage.TakeChannel);
    });

    private static ChannelOffer Offer() => new()
    {
        Number = 0, Peer = Peer, PeerNumber = 4, Name = Name, Epoch = Epoch, Receive = 0x700_0000, Send = 0x700_1000,
    };

    private void OpenEnd()
    {
        Assert.True(Channels.TryAsk(Peer, Name, out uint number));
        CapabilitySlot slot = default;
        slot.Object = (ulong)_notification;
        Channels.Listen(ref Instance.Kernel.Scheduler, number, slot.Notification, 1, listed: 0);
        ChannelOffer offer = Offer();
        Assert.Equal(ChannelOfferResult.Taken, Channels.Open(in Instance.Kernel.Capabilities, ref Instance.Kernel.Scheduler, in offer));
    }

    private void Tell(uint from, KernelMessage kind, ulong number, ulong epoch)
    {
        LinkMessage message = new() { Kind = (uint)kind, Operation = epoch, Argument0 = number };
        Assert.True(ChannelTurn.Handle(ref Instance, from, in message));
    }

    private void Ask(uint core, ulong number, ulong peer) =>
        Say(core, new LinkMessage { Kind = (uint)KernelMessage.OpenChannel, Argument0 = number | (peer << 32), Argument1 = Name });

    private void Say(uint core, LinkMessage message)
    {
        Assert.True(_coordinator.Handle(core, message));
        _coordinator.Instance.RunOnCore(() => _ = _coordinator.State.Channels.SendAnswers(ref Instance));
    }
}
