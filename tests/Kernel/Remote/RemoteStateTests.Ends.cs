using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Remote;

/// <content>How what is held or given on ends, and the places in which a giver says what it gives on.</content>
public sealed unsafe partial class RemoteStateTests
{
    /// <summary>Of what nobody was told the place comes back when the holder's core is lost; what was told was on its way.</summary>
    [Theory]
    [InlineData(CrossingDebts.Offer, 0)]
    [InlineData(CrossingDebts.None, 1)]
    public void LostHolder_GivesBackThePlaceOfWhatItNeverHeardOf(CrossingDebts owes, int given)
    {
        GiveFrame();
        Remote.Exports[0].Owes = owes;
        Remote.Lose(ref _kernel->Scheduler, Peer);

        Assert.True(Walk());

        Assert.Equal((given, CrossingState.Gone, CrossingDebts.None), (Channels[0].Given, Remote.Exports[0].State, Remote.Exports[0].Owes));
    }

    /// <summary>Behind the last record that was ever used is memory of before.</summary>
    [Fact]
    public void LostGiver_IsNotLookedForBehindTheLastRecord()
    {
        GiveFrame();
        ref CrossingEntry behind = ref Remote.Exports[1];
        behind = default;
        (behind.Way, behind.Giver) = (CrossingWay.Passed, Peer);
        Assert.True(Channels.TryAsk(Peer, name: 2, out uint end));
        Open(end, Epoch, name: 2);
        Arrive(end, Epoch);
        Arrive(end, Epoch);
        Remote.Lose(ref _kernel->Scheduler, Peer);

        while (!Walk())
        {
        }

        Assert.Equal(CrossingWay.Passed, Remote.Exports[1].Way);
    }

    /// <summary>What is another's and was given on is its home's to offer: the record says there which export it is.</summary>
    [Fact]
    public void WhatIsGivenOn_IsKnownByItsHomesNumber()
    {
        GiveOn(homeNumber: 6);

        ref CrossingEntry entry = ref Remote.Exports[0];
        Assert.Equal((CrossingWay.Giver, Peer, 6u, CrossingDebts.Offer), (entry.Way, entry.Peer, entry.HomeNumber, entry.Owes));
    }

    /// <summary>Its home takes all of it back: nothing is owed and nobody is waited for. Unless the home has not heard of it yet: then it never left.</summary>
    [Theory]
    [InlineData(CrossingState.Held, CrossingDebts.None, CrossingState.Revoked, 1)]
    [InlineData(CrossingState.Revoking, CrossingDebts.Revoke, CrossingState.Revoked, 1)]
    [InlineData(CrossingState.Held, CrossingDebts.Offer, CrossingState.Gone, 0)]
    public void WhatIsGivenOn_EndsWithWhatItsHomeTakesBack(CrossingState state, CrossingDebts owes, CrossingState end, int given)
    {
        GiveOn(homeNumber: 6);
        (Remote.Exports[0].State, Remote.Exports[0].Owes) = (state, owes);
        Remote.Imports[0].State = CrossingState.Revoking;

        Assert.True(EndExport());

        Assert.Equal((end, CrossingDebts.None, given), (Remote.Exports[0].State, Remote.Exports[0].Owes, Channels[1].Given));
    }

    /// <summary>What was given by its home itself is asked for, whatever becomes of the import of the same number.</summary>
    [Fact]
    public void OwnFrame_IsAskedFor_WhateverIsTakenBackFromHere()
    {
        Assert.True(Channels.TryAsk(Peer, name: 2, out uint end));
        Open(end, Epoch, name: 2);
        Arrive(end, Epoch);
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.None;
        Remote.Imports[0].State = CrossingState.Revoking;

        Assert.False(EndExport());

        Assert.Equal((CrossingState.Revoking, CrossingDebts.Revoke), (Remote.Exports[0].State, Remote.Exports[0].Owes));
    }

    /// <summary>A giver that is gone, or has been told, has given nothing: its number and its share of the records are free.</summary>
    [Fact]
    public void OrphanedRecord_IsNotItsGiversAnyMore()
    {
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.None;
        uint half = Remote.Exports.Capacity / 2;
        for (uint number = 0; number < half; number++)
        {
            Assert.True(Record(number));
        }

        Assert.False(Record(half));
        Remote.Exports[1].IsRecalled = true;

        Remote.Orphan(1);

        Assert.Equal((CrossingWay.Direct, false), (Remote.Exports[1].Way, Remote.Exports[1].IsRecalled));
        Assert.True(Record(0));
        Assert.False(Record(half));
    }

    /// <summary>A giver that wants back what it gave on is heard by its own number; what is told to the receiver is listed.</summary>
    [Fact]
    public void RecallOfWhatWasGivenOn_IsListed()
    {
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.None;
        Assert.True(Record(3));
        Remote.Exports[1].Owes = CrossingDebts.None;
        TakeAllWork();

        Remote.Recall(ref _kernel->Scheduler, ref Channels, Peer, giverNumber: 2);
        Assert.False(Remote.Exports[1].IsRecalled || Remote.HasWork);
        Remote.Recall(ref _kernel->Scheduler, ref Channels, Peer, giverNumber: 3);

        Assert.Equal((true, true, CrossingState.Revoking), (Remote.Exports[1].IsRecalled, Remote.Exports[1].IsListed, Remote.Exports[1].State));
    }

    /// <summary>One that is gone already is told to the giver all the same.</summary>
    [Fact]
    public void RecallOfWhatIsGone_IsListed()
    {
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.None;
        Assert.True(Record(3));
        (Remote.Exports[1].Owes, Remote.Exports[1].State) = (CrossingDebts.None, CrossingState.Gone);
        TakeAllWork();

        Remote.Recall(ref _kernel->Scheduler, ref Channels, Peer, giverNumber: 3);

        Assert.Equal((true, true), (Remote.Exports[1].IsRecalled, Remote.Exports[1].IsListed));
    }

    /// <summary>A place is a channel's own while that has something on its way; all others may have it.</summary>
    [Fact]
    public void Place_IsTheChannelsThatUsesIt()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Channels[end].Passing = 5;
        uint last = RemoteState.PlacesMax - 1;
        Remote.TakePlace(last, end);
        Assert.Equal((true, last), Place(end));
        Assert.Equal((true, last - 1), Place(end + 1));

        for (uint place = 0; place < RemoteState.PlacesMax; place++)
        {
            Remote.TakePlace(place, end);
        }

        Assert.False(Place(end + 1).IsThere);
        Channels[end].Passing = 0;
        Assert.True(Place(end + 1).IsThere);
        (Channels[end].Passing, Channels[end].State) = (5, ChannelState.PeerDied);
        Assert.True(Place(end + 1).IsThere);
    }

    private (bool IsThere, uint Place) Place(uint channel) => (Remote.TryPlace(in Channels, channel, out uint place), place);

    private bool Record(uint giverNumber)
    {
        RemotePass pass = Pass();
        pass.GiverNumber = giverNumber;
        return Remote.TryRecord(Peer, in pass, receiverMax: 4);
    }

    private void TakeAllWork()
    {
        while (Remote.Exports.TryNext(out _))
        {
        }
    }

    // What comes from one core over the first channel goes on to another over the second.
    private void GiveOn(uint homeNumber)
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint from));
        Open(from, Epoch);
        RemoteOffer offer = new()
        {
            Channel = from, Epoch = Epoch, Type = CapabilityType.Frame, Rights = CapabilityRights.All, SizeBits = ObjectSize.FrameBits, Address = Frame,
            Giver = Peer, HomeNumber = homeNumber,
        };
        Assert.True(Remote.TryArrive(ref _kernel->Scheduler, ref Channels, Peer, in offer));
        Assert.Equal(SystemResult.Ok, Accept(from, 3));
        Assert.True(Channels.TryAsk(Peer + 1, name: 2, out uint to));
        Open(to, Epoch + 1, Peer + 1, name: 2);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, to, Slot(3), CapabilityRights.All).IsOk);
    }
}
