using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Kernel.Tests.Machine;
using Atoll.Remote;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Remote;

/// <summary>One kernel's records of capabilities that cross, where the order of messages matters or what several holders are asked.</summary>
public sealed unsafe partial class RemoteStateTests : IDisposable
{
    private const uint Ends = 4;
    private const int SlotCount = 24;

    // Four for each end of a channel (docs/remote-capabilities.md, "Death": 8 imports, of which 4 wait to be taken).
    private const uint TakenMost = Ends * 4;
    private const uint Core = 0;
    private const uint Peer = 1;
    private const ulong Epoch = 5;
    private const ulong Frame = 0x40_0000;

    private readonly Microkernel* _kernel = (Microkernel*)NativeMemory.AlignedAlloc((nuint)sizeof(Microkernel), 64);
    private readonly void* _channels = NativeMemory.AlignedAlloc(Ends * ChannelEntry.SizeBytes, 64);
    private readonly void* _records = NativeMemory.AlignedAlloc((nuint)RemoteState.BytesFor(Ends), 64);
    private readonly byte* _slots = (byte*)NativeMemory.AlignedAlloc(SlotCount * CapabilitySlot.SizeBytes, 64);
    private readonly SimulatedCore _core = new();

    public RemoteStateTests()
    {
        NativeMemory.Clear(_kernel, (nuint)sizeof(Microkernel));
        NativeMemory.Clear(_slots, SlotCount * CapabilitySlot.SizeBytes);
        Channels.Begin((ulong)_channels, Ends, Core);
        Remote.Begin((ulong)_records, Ends, Core);
    }

    private ref ChannelTable Channels => ref _kernel->Channels;

    private ref RemoteState Remote => ref _kernel->Remote;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_kernel);
        NativeMemory.AlignedFree(_channels);
        NativeMemory.AlignedFree(_records);
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_threads);
    }

    /// <summary>The home's offer may be here before the coordinator's word that the channel is made: it waits for that.</summary>
    [Fact]
    public void OfferThatOvertakesItsChannel_WaitsForIt()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Arrive(end, Epoch);
        Assert.Equal(SystemResult.WouldBlock, Accept(end, 0));

        Open(end, Epoch);
        Assert.Equal(SystemResult.Ok, Accept(end, 0));
        Assert.Equal(Frame, Slot(0).Value.Object);
        Assert.Equal(0ul, Remote.Refused);
    }

    /// <summary>Once a channel is asked for anew, what was given over the old one is nobody's.</summary>
    [Fact]
    public void LateOfferOfAnOldChannel_IsRefused()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Channels.LosePeer(ref _kernel->Scheduler, Peer);
        Assert.True(Channels.TryReopen(in _kernel->Capabilities, end));
        Arrive(end, Epoch);
        Assert.Equal(1ul, Remote.Refused);

        Open(end, Epoch + 1);
        Assert.Equal(SystemResult.WouldBlock, Accept(end, 0));
    }

    /// <summary>All holders are asked at once; the one that is asked first keeps the others from nothing.</summary>
    [Fact]
    public void Revoke_AsksAllHoldersBeforeItWaits()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        for (uint holder = 1; holder <= 3; holder++)
        {
            Assert.True(Channels.TryAsk(holder, name: 1, out uint end));
            Open(end, Epoch + holder, holder);
            Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
            Remote.Exports[holder - 1].Owes = CrossingDebts.None;
        }

        Assert.Equal(SystemResult.WouldBlock, Run(() => Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result));
        for (uint number = 0; number < 3; number++)
        {
            Assert.Equal((CrossingState.Revoking, CrossingDebts.Revoke), (Remote.Exports[number].State, Remote.Exports[number].Owes));
        }

        Remote.Returned(1, 0);
        Assert.Equal(CrossingState.Gone, Remote.Exports[0].State);
        Assert.Equal(SystemResult.WouldBlock, Run(() => Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result));
    }

    /// <summary>A notification is always used by asking its home: its revoke waits for nobody, and the holder is refused from then on.</summary>
    [Fact]
    public void RevokeOfANotification_WaitsForNobody()
    {
        Notification* notification = (Notification*)(_slots + (7 * CapabilitySlot.SizeBytes));
        ref CapabilitySlot slot = ref Slot(0).Value;
        slot.Type = CapabilityType.Notification;
        slot.Rights = CapabilityRights.All;
        slot.Object = (ulong)notification;
        slot.Badge = 2;
        Derivation.InsertRoot(Slot(0));
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.Write).IsOk);
        Remote.Exports[0].Owes = CrossingDebts.None;
        Remote.Signalled(ref _kernel->Scheduler, Peer, 0);
        Assert.Equal(2ul, notification->Pending);

        Assert.Equal(SystemResult.Ok, Run(() => Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result));
        notification->Pending = 0;
        Remote.Signalled(ref _kernel->Scheduler, Peer, 0);
        Assert.Equal((0ul, 1ul), (notification->Pending, Remote.Refused));
    }

    /// <summary>What nobody was told of is taken back without a word, and its place is free again.</summary>
    [Fact]
    public void GrantThatWasNotSent_IsTakenBackAtOnce()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Assert.Equal(1, Channels[end].Given);

        Assert.Equal(SystemResult.Ok, Run(() => Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result));
        Assert.Equal((0, CrossingDebts.None), (Channels[end].Given, Remote.Exports[0].Owes));
    }

    /// <summary>An instance holds so many of others' at most, so that whatever comes finds a record. One more waits, and is not lost.</summary>
    [Fact]
    public void Accept_IsBounded_AndTheNextOneWaits()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        for (uint taken = 0; taken < TakenMost; taken++)
        {
            Arrive(end, Epoch);
            Assert.Equal(SystemResult.Ok, Accept(end, taken));
        }

        Arrive(end, Epoch);
        Assert.Equal(SystemResult.Unavailable, Accept(end, TakenMost));
        Assert.Equal(1, Channels[end].Arrived);

        Run(() => Deletion.Delete<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result);
        Run(() => Deletion.Delete<ObjectLife, Microkernel>(ref *_kernel, Remote.Imports.Slot(0)).Result);
        Remote.FreeImport(0);
        Assert.Equal(SystemResult.Ok, Accept(end, TakenMost));
    }

    /// <summary>A thread whose last wait had a deadline waits for holders as long as it takes. Found by vm cap-transfer.</summary>
    [Fact]
    public void AwaitHolders_ForgetsAnOldDeadline()
    {
        Thread* thread = (Thread*)NativeMemory.AlignedAlloc((nuint)sizeof(Thread), 2048);
        *thread = default;
        thread->Flags = ThreadFlags.IsTimed;
        thread->Deadline = 1;
        CapabilitySlot pointer = default;
        pointer.Object = (ulong)thread;

        Remote.AwaitHolders(ref _kernel->Scheduler, pointer.Thread);
        Assert.Equal((ThreadState.AwaitingSignal, false), (thread->State, thread->HasDeadline));

        Run(() =>
        {
            Remote.WakeRevokers(ref _kernel->Scheduler);
            return SystemResult.Ok;
        });
        Assert.Equal((ThreadState.Ready, (ulong)SystemResult.Again), (thread->State, thread->Context.Rax));
        NativeMemory.AlignedFree(thread);
    }

    /// <summary>What is lent as a whole is one holder's: it can be neither copied nor given until all that was derived from it is gone.</summary>
    [Fact]
    public void LentFrame_IsNobodyElses_UntilItIsTakenBack()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Crossing.CheckLoan(in Slot(0).Value).IsOk);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Channels.Offered(ref _kernel->Scheduler, end, Epoch, hasLeft: true);
        Crossing.Lend(in _kernel->Capabilities, ref Slot(0).Value);

        Assert.Equal(SystemResult.NotCopyable, Copying.Derive(Slot(0), Slot(1), CapabilityRights.All).Result);
        Assert.Equal(SystemResult.NotCopyable, Crossing.CheckLoan(in Slot(0).Value).Result);
        Assert.Equal(SystemResult.NotCopyable, Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).Result);
        Assert.Equal(CapabilityType.Frame, Remote.Exports[0].Slot.Type);

        Assert.Equal(SystemResult.Ok, Run(() => Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).Result));
        Crossing.TakeBack(ref Slot(0).Value);
        Assert.Equal((CapabilityType.Frame, false), (Slot(0).Value.Type, Slot(0).Value.HasChildren));
        Assert.Equal(SystemResult.Ok, Copying.Derive(Slot(0), Slot(1), CapabilityRights.All).Result);
        Assert.Equal(SystemResult.HasChildren, Crossing.CheckLoan(in Slot(0).Value).Result);
    }

    /// <summary>A frame of somebody else, and what is no frame, cannot be lent.</summary>
    [Fact]
    public void Loan_IsOfOwnFramesOnly()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Slot(0).Value.Flags |= SlotFlags.Outside;
        Assert.Equal(SystemResult.NotCopyable, Crossing.CheckLoan(in Slot(0).Value).Result);
        Slot(0).Value.Flags &= ~SlotFlags.Outside;
        Slot(0).Value.Type = CapabilityType.Notification;
        Assert.Equal(SystemResult.NotCopyable, Crossing.CheckLoan(in Slot(0).Value).Result);
    }

    /// <summary>As many may be under way over a channel as the other end has room for.</summary>
    [Fact]
    public void Grants_AreBoundedUntilTheyAreTaken()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        for (int given = 0; given < ChannelPage.GrantsMax; given++)
        {
            Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
            Channels.Offered(ref _kernel->Scheduler, end, Epoch, hasLeft: true);
        }

        Assert.Equal(SystemResult.WouldBlock, Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).Result);
        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 1, voided: 0);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: ChannelPage.GrantsMax + 1, voided: 0);
        Assert.Equal(1ul, Channels.Refused);
    }

    /// <summary>Offers leave in the order in which they were given: the next waits for one that has found no room in a ring, and its program is told when there was.</summary>
    [Fact]
    public void Grant_WaitsForTheOneBefore_ToLeave()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Channels.Offered(ref _kernel->Scheduler, end, Epoch, hasLeft: false);
        Assert.Equal(SystemResult.WouldBlock, Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).Result);
        Notification* notification = ListenTo(end);

        Channels.Offered(ref _kernel->Scheduler, end, Epoch + 1, hasLeft: true);
        Assert.False(notification->IsPending);
        Channels.Offered(ref _kernel->Scheduler, end, Epoch, hasLeft: true);

        Assert.True(notification->IsPending);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
    }

    /// <summary>What was taken is not what waits to leave; what leaves at once is no news for who gave it.</summary>
    [Fact]
    public void TakingOfTheFirst_DoesNotLetTheThirdPassTheSecond()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Notification* notification = ListenTo(end);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Channels.Offered(ref _kernel->Scheduler, end, Epoch, hasLeft: true);
        Assert.False(notification->IsPending);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);

        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 1, voided: 0);

        Assert.Equal(SystemResult.WouldBlock, Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).Result);
    }

    /// <summary>A peer that says that it took what was never offered makes no place of nothing when that is revoked.</summary>
    [Fact]
    public void RevokeOfWhatWasSaidToBeTaken_GivesNoPlaceBack()
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), CapabilityRights.All).IsOk);
        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 1, voided: 0);

        Assert.True(Deletion.Revoke<ObjectLife, Microkernel>(ref *_kernel, Slot(0)).IsOk);

        Assert.Equal(0, Channels[end].Given);
    }

    /// <summary>Only the holder, of what it was told of, is believed; all else is counted and changes nothing.</summary>
    [Theory]
    [InlineData(Peer + 1, 0u, CrossingDebts.Revoke)]
    [InlineData(Peer, 1u, CrossingDebts.Revoke)]
    [InlineData(Peer, 0u, CrossingDebts.Offer)]
    public void ReturnOfWhatIsNotHeld_IsRefused(uint from, uint number, CrossingDebts owes)
    {
        GiveFrame();
        Remote.Exports[0].Owes = owes;
        LookLikeAnExport(1, CapabilityType.Frame);

        Remote.Returned(from, number);

        Assert.Equal(1ul, Remote.Refused);
        Assert.Equal((CrossingState.Held, CrossingState.Held), (Remote.Exports[0].State, Remote.Exports[1].State));
        Assert.Equal(owes, Remote.Exports[0].Owes);
    }

    [Fact]
    public void ReturnOfWhatIsHeld_EndsIt()
    {
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.Revoke;

        Remote.Returned(Peer, 0);

        Assert.Equal((CrossingState.Gone, CrossingDebts.None, 0ul), (Remote.Exports[0].State, Remote.Exports[0].Owes, Remote.Refused));
        Assert.True(Remote.Exports[0].IsListed);
    }

    /// <summary>A frame cannot be signalled, nor what lies behind the records that were ever used, nor by anybody but its holder.</summary>
    [Theory]
    [InlineData(Peer, 0u)]
    [InlineData(Peer, 1u)]
    [InlineData(Peer + 1, 0u)]
    public void SignalOfWhatIsNoNotification_IsRefused(uint from, uint number)
    {
        Notification* notification = (Notification*)(_slots + (7 * CapabilitySlot.SizeBytes));
        GiveFrame();
        LookLikeAnExport(1, CapabilityType.Notification);
        Remote.Exports[1].Slot.Object = (ulong)notification;

        Remote.Signalled(ref _kernel->Scheduler, from, number);

        Assert.Equal((1ul, false), (Remote.Refused, notification->IsPending));
    }

    /// <summary>What nobody has heard of ends at once; a frame that is held is waited for, and asked for once.</summary>
    [Fact]
    public void EndOfAnExport_IsAtOnceOrWhenItsHolderHasLetGo()
    {
        GiveFrame();
        Remote.Exports[0].Owes = CrossingDebts.None;
        Assert.False(EndExport());
        Assert.Equal((CrossingState.Revoking, CrossingDebts.Revoke, true), (Remote.Exports[0].State, Remote.Exports[0].Owes, Remote.Exports[0].IsListed));
        Assert.False(EndExport());
        Remote.Returned(Peer, 0);
        Assert.True(EndExport());

        Remote.Exports[0].State = CrossingState.Held;
        Remote.Exports[0].Owes = CrossingDebts.Offer;
        Assert.True(EndExport());
        Assert.Equal((CrossingState.Gone, CrossingDebts.None), (Remote.Exports[0].State, Remote.Exports[0].Owes));
    }

    /// <summary>An offer for no end, for one that another has, or for one more than fits is let go of at once, and counted.</summary>
    [Fact]
    public void OfferThatNobodyExpects_IsRefused()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        ref ChannelEntry behind = ref Channels[end + 1];
        (behind.State, behind.Peer, behind.Epoch, behind.Arrived) = (ChannelState.Open, (ushort)Peer, Epoch, 0);
        Arrive(end + 1, Epoch);
        Assert.Equal(1ul, Remote.Refused);
        Arrive(end, Epoch + 1);
        Assert.Equal(2ul, Remote.Refused);
        Arrive(end, Epoch, from: Peer + 1);
        Assert.Equal(3ul, Remote.Refused);

        for (int given = 0; given < ChannelPage.GrantsMax; given++)
        {
            Arrive(end, Epoch);
        }

        Assert.Equal(3ul, Remote.Refused);
        Arrive(end, Epoch);
        Assert.Equal((4ul, (byte)ChannelPage.GrantsMax), (Remote.Refused, Channels[end].Arrived));
    }

    [Fact]
    public void OfferThatArrives_IsHeard_AndHasItsSize()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Notification* notification = ListenTo(end);

        Arrive(end, Epoch);

        Assert.True(notification->IsPending);
        Assert.Equal((CrossingState.Arrived, ObjectSize.FrameBits), (Remote.Imports[0].State, Remote.Imports[0].Slot.SizeBits));
    }

    /// <summary>Of a core that is lost: what it holds and what is its own goes, record by record; what others have stays.</summary>
    [Fact]
    public void LostCore_IsLookedForRecordByRecord()
    {
        GiveFrame();
        Assert.True(Channels.TryAsk(Peer, name: 2, out uint end));
        Open(end, Epoch, name: 2);
        Arrive(end, Epoch);
        Assert.Equal(SystemResult.Ok, Accept(end, 3));
        Remote.Imports[0].Owes = CrossingDebts.Signal;
        Assert.True(Channels.TryAsk(Peer + 1, name: 3, out uint other));
        Open(other, Epoch, Peer + 1, name: 3);
        Arrive(other, Epoch, from: Peer + 1);
        Remote.Lose(ref _kernel->Scheduler, Peer);

        Assert.False(Walk());
        Assert.Equal((CrossingState.Gone, CrossingDebts.None), (Remote.Exports[0].State, Remote.Exports[0].Owes));
        Assert.Equal((CrossingState.Revoking, CrossingDebts.None), (Remote.Imports[0].State, Remote.Imports[0].Owes));
        Assert.True(Walk());

        Assert.True(Remote.Lost.Has(Peer));
        Assert.Equal(CrossingState.Arrived, Remote.Imports[1].State);
    }

    /// <summary>Who holds a capability may give it on to a third core, and what becomes of it is recorded below what it holds, with no more rights.</summary>
    [Fact]
    public void Record_IsBelowWhatTheGiverHolds()
    {
        GiveFrame(CapabilityRights.Read);
        Remote.Exports[0].Owes = CrossingDebts.None;

        RemotePass pass = Pass();
        Assert.True(Remote.TryRecord(Peer, in pass, receiverMax: 4));
        ref CrossingEntry entry = ref Remote.Exports[1];
        Assert.Equal((CrossingWay.Passed, CrossingState.Held, CrossingDebts.Offer, CapabilityRights.Read), (entry.Way, entry.State, entry.Owes, entry.Slot.Rights));
        Assert.Equal((Peer + 1, Peer, 7u, true), (entry.Peer, entry.Giver, entry.HomeNumber, entry.IsListed));
        Assert.True(Remote.Exports[0].Slot.FirstChild.Is(Remote.Exports.Slot(1)));
        Assert.False(Remote.TryRecord(Peer, in pass, receiverMax: 4));
    }

    /// <summary>Only a holder, of what it has and that is not being taken back, may; and not to the home, to itself, or to no core.</summary>
    [Theory]
    [InlineData(Peer + 1, 0u, Peer + 2, CrossingState.Held, CrossingDebts.None)]
    [InlineData(Peer, 1u, Peer + 1, CrossingState.Held, CrossingDebts.None)]
    [InlineData(Peer, 0u, Core, CrossingState.Held, CrossingDebts.None)]
    [InlineData(Peer, 0u, Peer, CrossingState.Held, CrossingDebts.None)]
    [InlineData(Peer, 0u, 4u, CrossingState.Held, CrossingDebts.None)]
    [InlineData(Peer, 0u, Peer + 1, CrossingState.Revoking, CrossingDebts.None)]
    [InlineData(Peer, 0u, Peer + 1, CrossingState.Held, CrossingDebts.Offer)]
    public void Record_OfWhatIsNotTheGivers_IsRefused(uint from, uint number, uint receiver, CrossingState state, CrossingDebts owes)
    {
        GiveFrame();
        (Remote.Exports[0].State, Remote.Exports[0].Owes) = (state, owes);
        LookLikeAnExport(1, CapabilityType.Frame);
        RemotePass pass = Pass();
        (pass.HomeNumber, pass.Receiver) = (number, receiver);

        Assert.False(Remote.TryRecord(from, in pass, receiverMax: 4));
        Assert.Equal(1u, Remote.Exports.Count);
    }

    /// <summary>What a third core offers comes once, and not when the giver has said that it will not.</summary>
    [Fact]
    public void OfferByWayOfAHome_ComesOnce_AndNotWhenItWasVoided()
    {
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Arrive(end, Epoch, from: Peer + 1, giver: Peer, serial: 3);
        Assert.Equal((0ul, (byte)1), (Remote.Refused, Channels[end].Arrived));
        Arrive(end, Epoch, from: Peer + 1, giver: Peer, serial: 3);
        Assert.Equal((1ul, (byte)1), (Remote.Refused, Channels[end].Arrived));

        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 0, voided: 3);
        Assert.Equal(0, Channels[end].Untold);
        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 0, voided: 4);
        Channels.Rung(ref _kernel->Scheduler, end, Peer, Epoch, taken: 0, voided: 4);
        Assert.Equal(1, Channels[end].Untold);
        Arrive(end, Epoch, from: Peer + 1, giver: Peer, serial: 4);
        Assert.Equal((2ul, (byte)1), (Remote.Refused, Channels[end].Arrived));
    }

    // In a slot that nothing else uses.
    private Notification* ListenTo(uint end)
    {
        Notification* notification = (Notification*)(_slots + (7 * CapabilitySlot.SizeBytes));
        CapabilitySlot slot = default;
        slot.Object = (ulong)notification;
        Channels.Listen(ref _kernel->Scheduler, end, slot.Notification, badge: 1, listed: 0);
        notification->IsPending = false;
        return notification;
    }

    private static RemotePass Pass() =>
        new() { HomeNumber = 0, GiverNumber = 7, Receiver = Peer + 1, Channel = 0, Epoch = Epoch, Rights = CapabilityRights.All };

    private void GiveFrame(CapabilityRights rights = CapabilityRights.All)
    {
        RootCapabilities.Frame(Slot(0), Frame);
        Assert.True(Channels.TryAsk(Peer, name: 1, out uint end));
        Open(end, Epoch);
        Assert.True(Remote.Grant(ref _kernel->Scheduler, ref Channels, end, Slot(0), rights).IsOk);
    }

    // Of memory that was used before, and that no record of this life has.
    private void LookLikeAnExport(uint number, CapabilityType type)
    {
        ref CrossingEntry entry = ref Remote.Exports[number];
        entry = default;
        (entry.State, entry.Peer) = (CrossingState.Held, Peer);
        (entry.Slot.Type, entry.Slot.Rights) = (type, CapabilityRights.All);
    }

    private bool EndExport() => Remote.TryEndExport(ref _kernel->Scheduler, ref Channels, Remote.Exports.Slot(0));

    private bool Walk() => Remote.WalkLost(ref _kernel->Scheduler, ref Channels, places: 1);

    private ObjectPointer<CapabilitySlot> Slot(uint index) => CNode.Slot(RootCapabilities.SlotsAt((ulong)_slots - PhysicalWindow.Base), index);

    private void Arrive(uint end, ulong epoch, uint from = Peer, uint? giver = null, uint serial = 0)
    {
        RemoteOffer offer = new()
        {
            Channel = end, Epoch = epoch, Type = CapabilityType.Frame, Rights = CapabilityRights.Read, SizeBits = ObjectSize.FrameBits, Address = Frame, Giver = giver ?? from, Serial = serial,
        };
        Assert.True(Remote.TryArrive(ref _kernel->Scheduler, ref Channels, from, in offer));
    }

    private SystemResult Accept(uint end, uint slot) => Remote.Accept(ref _kernel->Scheduler, ref Channels, end, Slot(slot)).Result;

    private void Open(uint end, ulong epoch, uint peer = Peer, ulong name = 1)
    {
        ChannelOffer offer = new() { Number = end, Peer = peer, Name = name, Epoch = epoch, Receive = 0x1000, Send = 0x2000 };
        Assert.Equal(ChannelOfferResult.Taken, Channels.Open(in _kernel->Capabilities, ref _kernel->Scheduler, in offer));
    }

    private SystemResult Run(Func<SystemResult> code)
    {
        using IDisposable scope = _core.Use();
        return code();
    }
}
