using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Sched;

namespace Atoll.Kernel.Tests.Channels;

/// <summary>The life of an end, step by step, as docs/channels.md tells it: what its program hears, what is owed to whom, and where its pages are.</summary>
public sealed unsafe partial class ChannelTableTests : IDisposable
{
    private const uint Core = 3;
    private const uint Peer = 5;
    private const uint Other = 6;
    private const uint Ends = 4;
    private const ulong Name = 7;
    private const ulong Epoch = 9;
    private const ulong Address = 0x4000_0000;
    private const ulong Receive = 0x70_0000;
    private const ulong Send = 0x70_1000;
    private const ulong Badge = 4;
    private const int Space = 10;
    private const int Tables = 11;
    private const int NotificationBytes = 64;

    private readonly CapabilityWorld _world = new();
    private readonly ChannelEntry* _entries = (ChannelEntry*)NativeMemory.AlignedAlloc((Ends + 1) * ChannelEntry.SizeBytes, 64);
    private readonly byte* _notifications = (byte*)NativeMemory.AlignedAlloc((Ends + 1) * NotificationBytes, NotificationBytes);
    private ChannelTable _table;
    private Scheduler _scheduler;

    public ChannelTableTests()
    {
        NativeMemory.Clear(_entries, (Ends + 1) * ChannelEntry.SizeBytes);
        NativeMemory.Clear(_notifications, (Ends + 1) * NotificationBytes);
        _table.Begin((ulong)_entries, Ends, Core);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_entries);
        NativeMemory.AlignedFree(_notifications);
        _world.Dispose();
    }

    [Fact]
    public void Ends_AreAsManyAsThereIsRoomFor()
    {
        for (uint expected = 0; expected < Ends; expected++)
        {
            Assert.True(_table.TryAsk(Peer, Name, out uint number));
            Assert.Equal(expected, number);
        }

        Assert.False(_table.TryAsk(Peer, Name, out _));
        Assert.Equal(Ends, _table.Used);
    }

    /// <summary>What is owed is told once, and the place of an end that is done with is used again.</summary>
    [Fact]
    public void EndThatIsLeftBeforeAnybodyWasAsked_IsFree()
    {
        uint number = Ask();
        Leave(number);
        Assert.Equal((ChannelState.Leaving, ChannelDebts.None), Life(number));

        Pay(ChannelDebts.None);

        Assert.Equal(ChannelState.None, _table[number].State);
        Assert.Equal(number, Ask());
    }

    /// <summary>It has its name for as long as somebody has it, and not while the kernel is still busy with what he gave up.</summary>
    [Fact]
    public void NameOfAnEnd_IsThereAsLongAsSomebodyHasIt()
    {
        Assert.Equal(0ul, _table.NameOf(0));
        uint number = OpenEnd(Peer);
        Assert.Equal(Name, _table.NameOf(number));
        Assert.Equal(0ul, _table.NameOf(number + 1));
        Assert.Equal(0ul, _table.NameOf(uint.MaxValue));
        _table.Parted(ref _scheduler, number, Peer, Epoch);
        Assert.Equal(Name, _table.NameOf(number));

        Leave(number);
        Assert.Equal((ChannelState.Leaving, 0ul), (_table[number].State, _table.NameOf(number)));
        Pay(ChannelDebts.Release);
        Assert.Equal((ChannelState.None, 0ul), (_table[number].State, _table.NameOf(number)));
    }

    [Fact]
    public void ChannelThatIsMade_OpensAndIsHeard()
    {
        uint number = Ask();
        Listen(number);
        Assert.False(Hears(number));
        Assert.Equal((ChannelState.Asking, ChannelDebts.Ask), Life(number));
        Pay(ChannelDebts.Ask);

        Assert.Equal(ChannelOfferResult.Taken, Open(number));

        Assert.Equal((ChannelState.Open, ChannelDebts.None), Life(number));
        Assert.Equal((false, Epoch), (_table[number].AwaitsMaker, _table[number].Epoch));
        Assert.True(Hears(number));
        Assert.False(_table.OwesAnything);
    }

    /// <summary>Whoever listens late hears at once what has happened.</summary>
    [Fact]
    public void WhoListensLate_HearsAtOnce()
    {
        uint number = OpenEnd(Peer);
        Listen(number);

        Assert.True(Hears(number));
    }

    [Fact]
    public void OfferThatNobodyAskedFor_IsRefusedAndCounted()
    {
        uint number = OpenEnd(Peer);

        Assert.Equal(ChannelOfferResult.NotAsked, Open(number));
        Assert.Equal(ChannelOfferResult.NotAsked, Open(number + 1));

        Assert.Equal(2ul, _table.Refused);
    }

    /// <summary>The answer came while the request was taken back: the other end hears a farewell, and the maker gets its pages.</summary>
    [Fact]
    public void ChannelThatIsMadeTooLate_IsParted()
    {
        uint number = Ask();
        Pay(ChannelDebts.Ask);
        Leave(number);
        Assert.Equal((ChannelState.Leaving, ChannelDebts.Cancel), Life(number));

        Assert.Equal(ChannelOfferResult.Taken, Open(number));

        Assert.Equal((ChannelState.Leaving, ChannelDebts.Farewell | ChannelDebts.Release), Life(number));
        Assert.False(_table[number].AwaitsMaker);
        Pay(ChannelDebts.Farewell);
        Assert.Equal((ChannelState.Leaving, ChannelDebts.Release), Life(number));
        Pay(ChannelDebts.Release);
        Assert.Equal(ChannelState.None, _table[number].State);
    }

    [Fact]
    public void RequestThatIsTakenBackInTime_LeavesNothing()
    {
        uint number = Ask();
        Pay(ChannelDebts.Ask);
        Leave(number);

        _table.Refuse(ref _scheduler, number);

        Assert.Equal((ChannelState.Leaving, ChannelDebts.None), Life(number));
        Pay(ChannelDebts.None);
        Assert.Equal(ChannelState.None, _table[number].State);
    }

    [Fact]
    public void RequestThatIsRefused_IsHeardAndOwesNothing()
    {
        uint number = Ask();
        Listen(number);

        _table.Refuse(ref _scheduler, number);

        Assert.Equal((ChannelState.Unavailable, ChannelDebts.None), Life(number));
        Assert.True(Hears(number));
        _table.Refuse(ref _scheduler, number);
        Assert.Equal(1ul, _table.Refused);
    }

    [Fact]
    public void RefusalOfWhatIsOpen_ChangesNothing()
    {
        uint number = OpenEnd(Peer);

        _table.Refuse(ref _scheduler, number);

        Assert.Equal((ChannelState.Open, 1ul), (_table[number].State, _table.Refused));
    }

    /// <summary>An end is asked for anew only when the other is gone, and its pages have gone to the maker first.</summary>
    [Fact]
    public void EndIsAskedForAnew_OnlyWhenTheOtherIsGone()
    {
        uint number = OpenEnd(Peer);
        Assert.False(_table.TryReopen(in _world.State.Capabilities, number));
        _table.PartedByMaker(ref _scheduler, number, Epoch);

        Assert.True(_table.TryReopen(in _world.State.Capabilities, number));

        Assert.Equal((ChannelState.Asking, ChannelDebts.Ask | ChannelDebts.Release), Life(number));
        Assert.True(_table[number].AwaitsMaker);
        Assert.False(_table[number].Frames.Exist);
    }

    /// <summary>A farewell strikes out what was owed to the other end, and nothing that is owed to the maker.</summary>
    [Fact]
    public void Farewell_LeavesWhatIsOwedToTheMaker()
    {
        uint number = OpenEnd(Peer);
        _table.PartedByMaker(ref _scheduler, number, Epoch);
        Assert.True(_table.TryReopen(in _world.State.Capabilities, number));
        Pay(ChannelDebts.Ask);
        _ = Open(number);
        _table.Ring(ref _scheduler, number);
        Assert.Equal(ChannelDebts.Ring | ChannelDebts.Release, _table[number].Owes);

        _table.Parted(ref _scheduler, number, Peer, Epoch);

        Assert.Equal((ChannelState.PeerDied, ChannelDebts.Release), Life(number));
    }

    [Theory]
    [InlineData(Other, Epoch, 0u)]
    [InlineData(Peer, Epoch + 1, 0u)]
    [InlineData(Peer, Epoch, 1u)]
    public void RingAndFarewellThatDoNotFit_AreCountedAndNothingElse(uint from, ulong epoch, uint taken)
    {
        uint number = OpenEnd(Peer);
        Listen(number);
        Forget(number);

        _table.Rung(ref _scheduler, number, from, epoch, taken, voided: 0);
        Assert.Equal(1ul, _table.Refused);
        if (taken == 0)
        {
            _table.Parted(ref _scheduler, number, from, epoch);
            Assert.Equal(2ul, _table.Refused);
        }

        Assert.Equal((ChannelState.Open, (byte)0, false), (_table[number].State, _table[number].Given, Hears(number)));
    }

    /// <summary>What lies behind the ends that were ever used is no end, whatever it looks like.</summary>
    [Fact]
    public void MemoryBehindTheLastEnd_IsNoEnd()
    {
        uint number = OpenEnd(Peer);
        uint behind = number + 1;
        ref ChannelEntry entry = ref _entries[behind];
        (entry.State, entry.Peer, entry.Epoch, entry.Name, entry.AwaitsMaker) = (ChannelState.Open, (ushort)Peer, Epoch, Name, true);

        _table.PartedByMaker(ref _scheduler, behind, Epoch);
        _table.Parted(ref _scheduler, behind, Peer, Epoch);
        _table.Refuse(ref _scheduler, behind);
        _table.LosePeer(ref _scheduler, Peer);
        _table.Disowned(ref _scheduler, Peer, entry.PeerNumber);
        _table.LoseMaker(ref _scheduler);

        Assert.Equal((ChannelState.Open, ChannelDebts.None, true), (entry.State, entry.Owes, entry.AwaitsMaker));
        Assert.Equal(2ul, _table.Refused);
    }

    /// <summary>Of a core that is dead: open ends say so, and nothing is owed to it any more. Ends of other cores, and what is owed to the maker, stay.</summary>
    [Fact]
    public void CoreThatDies_IsOwedNothing()
    {
        uint open = OpenEnd(Peer);
        uint otherOpen = OpenEnd(Other);
        uint leaving = OpenEnd(Peer);
        uint otherLeaving = OpenEnd(Other);
        _table.Ring(ref _scheduler, open);
        _table.Ring(ref _scheduler, otherOpen);
        Leave(leaving);
        Leave(otherLeaving);
        Listen(open);
        Forget(open);

        _table.LosePeer(ref _scheduler, Peer);

        Assert.Equal((ChannelState.PeerDied, ChannelDebts.None), Life(open));
        Assert.Equal((ChannelState.Open, ChannelDebts.Ring), Life(otherOpen));
        Assert.Equal((ChannelState.Leaving, ChannelDebts.Release), Life(leaving));
        Assert.Equal((ChannelState.Leaving, ChannelDebts.Farewell | ChannelDebts.Release), Life(otherLeaving));
        Assert.True(Hears(open));
    }

    /// <summary>Whoever waits in vain still says so to a core that is dead for others: it may live again, and has ends that are told.</summary>
    [Fact]
    public void EndThatWaitedInVain_OwesThat()
    {
        uint number = Ask();
        Pay(ChannelDebts.Ask);
        _table.LoseMaker(ref _scheduler);
        Assert.Equal((ChannelState.Unavailable, ChannelDebts.Disown), Life(number));

        _table.LosePeer(ref _scheduler, Peer);

        Assert.Equal((ChannelState.Unavailable, ChannelDebts.Disown), Life(number));
    }

    /// <summary>With nobody who makes channels, pages are given back to nobody, what is open stays, and whoever waits hears that it is in vain.</summary>
    [Fact]
    public void MakerThatDies_IsOwedNothing()
    {
        uint leaving = OpenEnd(Peer);
        uint open = OpenEnd(Peer);
        uint asking = Ask();
        Listen(asking);
        Leave(leaving);

        _table.LoseMaker(ref _scheduler);

        Assert.Equal((ChannelState.Leaving, ChannelDebts.Farewell), Life(leaving));
        Assert.Equal(ChannelState.Open, _table[open].State);
        Assert.Equal(ChannelState.Unavailable, _table[asking].State);
        Assert.True(Hears(asking));
    }

    /// <summary>Both ends on one core: what one says the other hears at once, and nobody is owed anything.</summary>
    [Fact]
    public void EndsOfOneCore_TellEachOther()
    {
        uint first = OpenEnd(Core, peerNumber: 1);
        uint second = OpenEnd(Core, peerNumber: 0);
        Listen(second);
        Forget(second);

        _table.Ring(ref _scheduler, first);
        Assert.True(Hears(second));
        Assert.Equal(ChannelDebts.None, _table[first].Owes);

        Leave(first);
        Assert.Equal((ChannelState.Leaving, ChannelDebts.Release), Life(first));
        Assert.Equal(ChannelState.PeerDied, _table[second].State);
    }

    /// <summary>The maker died between its two answers: the end that has its own hears that the other never will.</summary>
    [Fact]
    public void EndOfThisCoreThatWaitsInVain_IsTheDeathOfTheOther()
    {
        uint first = OpenEnd(Core, peerNumber: 1);
        uint second = Ask(Core);
        Pay(ChannelDebts.Ask);
        Listen(first);
        Forget(first);

        _table.LoseMaker(ref _scheduler);

        Assert.Equal((ChannelState.PeerDied, true), (_table[first].State, Hears(first)));
        Assert.Equal((ChannelState.Unavailable, ChannelDebts.None), Life(second));
    }

    [Fact]
    public void RingOfWhatIsNotOpen_OwesNothing()
    {
        uint number = Ask();
        Pay(ChannelDebts.Ask);

        _table.Ring(ref _scheduler, number);

        Assert.Equal((ChannelState.Asking, ChannelDebts.None), Life(number));
    }

    [Fact]
    public void NotificationThatIsGone_IsSignalledByNobody()
    {
        uint first = OpenEnd(Peer);
        uint second = OpenEnd(Peer);
        Listen(first);
        Listen(second);
        Forget(first);
        Forget(second);

        _table.Forget(Notification(first));
        _table.Rung(ref _scheduler, first, Peer, Epoch, taken: 0, voided: 0);
        _table.Rung(ref _scheduler, second, Peer, Epoch, taken: 0, voided: 0);

        Assert.Equal((false, true), (Hears(first), Hears(second)));
    }

    [Fact]
    public void EndThatIsLeft_HasNoNotification()
    {
        uint number = OpenEnd(Peer);
        Listen(number);

        Leave(number);

        Assert.True(_table[number].Notification.IsNull);
    }

    /// <summary>Pages are mapped when the channel opens, where its program wants them; and at once when it says so later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pages_AreMappedWhereTheProgramWantsThem(bool isPlacedFirst)
    {
        MakeSpace();
        uint number = Ask();
        if (isPlacedFirst)
        {
            Assert.True(Attach(number, Address).IsOk);
        }

        _ = Open(number);
        if (!isPlacedFirst)
        {
            Assert.False(_table[number].Frames.AreMapped(in _world.State.Capabilities));
            Assert.True(Attach(number, Address).IsOk);
        }

        Assert.True(_table[number].Frames.AreMapped(in _world.State.Capabilities));
        Assert.Equal([(Address, Receive), (Address + 0x1000, Send)], Pages());
        Leave(number);
        Assert.Empty(Pages());
    }

    [Fact]
    public void PlaceThatIsNone_IsRefusedAndChangesNothing()
    {
        MakeSpace();
        uint number = Ask();
        _ = Open(number);

        Assert.Equal(SystemResult.Unaligned, Attach(number, Address + 1).Result);

        Assert.False(_table[number].Frames.AreMapped(in _world.State.Capabilities));
        Assert.Empty(Pages());
    }

    /// <summary>A capability that was taken makes room for another: the giver is rung, and told how many, once.</summary>
    [Fact]
    public void CapabilityThatIsTaken_IsToldWithTheNextRing()
    {
        uint number = OpenEnd(Peer);

        _table.Credit(ref _scheduler, number, Epoch);
        _table.Credit(ref _scheduler, number, Epoch);

        Assert.Equal((2, ChannelDebts.Ring), (_table[number].Untold, _table[number].Owes));
        Pay(ChannelDebts.None);
        Assert.Equal((2, ChannelDebts.Ring), (_table[number].Untold, _table[number].Owes));
        Pay(ChannelDebts.Ring);
        Assert.Equal((0, ChannelDebts.None), (_table[number].Untold, _table[number].Owes));
    }

    [Fact]
    public void CapabilityThatIsTaken_OfAnotherChannel_TellsNobody()
    {
        uint number = OpenEnd(Peer);
        _table.Credit(ref _scheduler, number, Epoch + 1);
        Assert.Equal((0, ChannelDebts.None), (_table[number].Untold, _table[number].Owes));
        _table.PartedByMaker(ref _scheduler, number, Epoch);

        _table.Credit(ref _scheduler, number, Epoch);

        Assert.Equal((0, ChannelDebts.None), (_table[number].Untold, _table[number].Owes));
    }

    /// <summary>The other end's program has taken some: so many more may be given.</summary>
    [Fact]
    public void RingThatTellsOfTakenOnes_MakesRoom()
    {
        uint number = OpenEnd(Peer);
        _table[number].Given = 3;

        _table.Rung(ref _scheduler, number, Peer, Epoch, taken: 2, voided: 0);

        Assert.Equal(1, _table[number].Given);
    }

    [Fact]
    public void EndsOfOneCore_TellEachOtherOfTakenOnes()
    {
        uint first = OpenEnd(Core, peerNumber: 1);
        uint second = OpenEnd(Core, peerNumber: 0);
        _table[second].Given = 2;

        _table.Credit(ref _scheduler, first, Epoch);

        Assert.Equal((0, 1), (_table[first].Untold, _table[second].Given));
    }

    /// <summary>What was revoked before anybody heard of it was never given, and its giver hears that there is room.</summary>
    [Fact]
    public void CapabilityThatIsReturned_MakesRoom()
    {
        uint number = OpenEnd(Peer);
        Listen(number);
        Forget(number);
        _table[number].Given = 2;

        _table.Return(ref _scheduler, number, Epoch + 1);
        Assert.Equal((2, false), (_table[number].Given, Hears(number)));

        _table.Return(ref _scheduler, number, Epoch);
        Assert.Equal((1, true), (_table[number].Given, Hears(number)));

        _table.PartedByMaker(ref _scheduler, number, Epoch);
        Forget(number);
        _table.Return(ref _scheduler, number, Epoch);
        Assert.Equal((1, false), (_table[number].Given, Hears(number)));
    }

    /// <summary>A capability may arrive before the word that the channel is made: its program is told when that comes.</summary>
    [Fact]
    public void CapabilityThatArrives_IsHeardWhenTheChannelIsOpen()
    {
        uint number = Ask();
        Listen(number);
        _table.TellArrival(ref _scheduler, number);
        Assert.False(Hears(number));
        _ = Open(number);
        Forget(number);

        _table.TellArrival(ref _scheduler, number);

        Assert.True(Hears(number));
    }

    /// <summary>A channel that is made anew begins with all of its places.</summary>
    [Fact]
    public void ChannelThatIsMadeAnew_HasGivenNothing()
    {
        uint number = OpenEnd(Peer);
        _table[number].Given = 2;
        _table[number].Untold = 1;
        _table[number].Passing = 3;
        _table[number].Voids = 4;
        _table[number].LastPass = 5;
        _table.PartedByMaker(ref _scheduler, number, Epoch);
        Assert.True(_table.TryReopen(in _world.State.Capabilities, number));
        Pay(ChannelDebts.Ask | ChannelDebts.Release);

        _ = Open(number);

        Assert.Equal((0, 0), (_table[number].Given, _table[number].Untold));
        Assert.Equal((0u, 0u, 0u), (_table[number].Passing, _table[number].Voids, _table[number].LastPass));
    }

    /// <summary>What was given on and is gone is told to the other end of that channel, and its place is taken until that answers; of another channel or export it is no news.</summary>
    [Theory]
    [InlineData(Epoch, 6u, uint.MaxValue)]
    [InlineData(Epoch + 1, 6u, 7u)]
    [InlineData(Epoch, 7u, 7u)]
    public void GivenOnAndGone_KeepsItsPlace(ulong epoch, uint export, uint passing)
    {
        uint number = OpenEnd(Peer);
        _table[number].Passing = 7;
        _table[number].PassSerial = 2;

        _table.Void(ref _scheduler, number, epoch, export);

        Assert.Equal((passing, passing == 7 ? 0u : 2u), (_table[number].Passing, _table[number].Voids));
    }

    private uint Ask(uint peer = Peer)
    {
        Assert.True(_table.TryAsk(peer, Name, out uint number));
        return number;
    }

    private ChannelOfferResult Open(uint number, uint peer = Peer, uint peerNumber = 0)
    {
        ChannelOffer offer = new()
        {
            Number = number, Peer = peer, PeerNumber = peerNumber, Name = Name, Epoch = Epoch, Receive = Receive, Send = Send,
        };
        return _table.Open(in _world.State.Capabilities, ref _scheduler, in offer);
    }

    private uint OpenEnd(uint peer, uint peerNumber = 0)
    {
        uint number = Ask(peer);
        Pay(ChannelDebts.Ask);
        Assert.Equal(ChannelOfferResult.Taken, Open(number, peer, peerNumber));
        return number;
    }

    /// <summary>Tells all who are owed something of these debts.</summary>
    private void Pay(ChannelDebts debts)
    {
        for (uint left = _table.OwingCount; left != 0; left--)
        {
            _ = _table.Settle(_table.TakeOwing(), debts);
        }
    }

    private void Leave(uint number) => _table.Leave(in _world.State.Capabilities, ref _scheduler, number);

    private (ChannelState State, ChannelDebts Owes) Life(uint number) => (_table[number].State, _table[number].Owes);

    private ObjectPointer<Notification> Notification(uint number)
    {
        CapabilitySlot slot = default;
        slot.Object = (ulong)_notifications + (number * NotificationBytes);
        return slot.Notification;
    }

    private void Listen(uint number) => _table.Listen(ref _scheduler, number, Notification(number), Badge, listed: 0);

    private bool Hears(uint number) => Notification(number).Value.IsPending;

    private void Forget(uint number) => Notification(number).Value.IsPending = false;

    private void MakeSpace()
    {
        Make(CapabilityType.VSpace, Space, 1);
        Make(CapabilityType.PageTable, Tables, 3);
        for (uint level = 3; level >= 1; level--)
        {
            Outcome outcome = PageTableMapping.Decode(
                in _world.State.Capabilities, CapabilityWorld.At(_world.RootSlot((int)(Tables + 3 - level))), in SpaceSlot, level == 3 ? 0 : Address, level,
                out PageTableMapPlan plan);
            Assert.True(outcome.IsOk);
            PageTableMapping.Commit(in plan);
        }
    }

    private void Make(CapabilityType type, int index, uint count) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, 0, count), _world.NodeSlot, (ulong)index).IsOk);

    private ref CapabilitySlot SpaceSlot => ref CapabilityWorld.Slot(_world.RootSlot(Space));

    private Outcome Attach(uint number, ulong address) => _table.Attach(in _world.State.Capabilities, number, in SpaceSlot, address);

    private IEnumerable<(ulong Address, ulong Frame)> Pages() => UserPages.Of(SpaceSlot.Object).Select(page => (page.Virtual, page.Physical));
}
