using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Remote;
using Atoll.Rendezvous;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Remote;

/// <content>Calls that cross: what is compared, what a record begins with, and what is left of it.</content>
public sealed unsafe partial class RemoteStateTests
{
    // Of the test's slots, behind those that capabilities are in.
    private const uint EndpointPlace = 9;

    private readonly Thread* _threads = (Thread*)NativeMemory.AlignedAlloc(2 * 2048, 2048);

    /// <summary>A call to what is being taken back, or to a home that is lost, is refused at once.</summary>
    [Theory]
    [InlineData(CrossingState.Revoking, false)]
    [InlineData(CrossingState.Held, true)]
    public void CallOfWhatIsGoing_IsRefused(CrossingState state, bool isLost)
    {
        HoldForeignEndpoint();
        Remote.Imports[0].State = state;
        if (isLost)
        {
            Remote.Lose(ref _kernel->Scheduler, Peer);
        }

        RemoteCall call = default;
        Assert.Equal(SystemResult.PeerDied, Remote.TryCall(ref _kernel->Scheduler, Caller(0), 0, in call));
        Assert.Equal(0ul, Remote.Calls.Taken);
    }

    /// <summary>The answer is in the caller's registers, word by word; the record is free, and holds nobody.</summary>
    [Fact]
    public void Answer_IsInTheCallersRegisters_AndItsRecordIsFree()
    {
        HoldForeignEndpoint();
        ObjectPointer<Thread> caller = Call(0);
        caller.Value.Context.Rdi = 99;
        Remote.Calls[0].State = AwaitedState.Sent;
        RemoteAnswer answer = new() { Number = 0, Result = SystemResult.Ok, Header = 1, Word0 = 2, Word1 = 3, Word2 = 4, Word3 = 5 };

        Remote.Answered(ref _kernel->Scheduler, Peer, in answer);

        ref ThreadContext context = ref caller.Value.Context;
        Assert.Equal(((ulong)SystemResult.Ok, 0ul, 1ul), (context.Rax, context.Rdi, context.Rsi));
        Assert.Equal((2ul, 3ul, 4ul, 5ul), (context.Rdx, context.R10, context.R8, context.R9));
        Assert.Equal((ThreadState.Ready, true, 0ul), (caller.Value.State, caller.Value.Reply.IsNull, Remote.Calls.Taken));
        Assert.True(Remote.Calls[0].Reply.Caller.IsNull);
    }

    /// <summary>Whatever the record held before: nothing of it is in the thread that waits in the caller's place.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ForeignCaller_BeginsWithWhatTheCallSays_AndNothingElse(bool isCall)
    {
        ForeignCaller* record = (ForeignCaller*)_threads;
        NativeMemory.Fill(record, 2048, 0xCC);
        RemoteCall call = new() { IsCall = isCall, Header = 1, Word0 = 2, Word1 = 3, Word2 = 4, Word3 = 5 };
        CapabilitySlot slot = default;
        slot.Badge = 7;

        record->Begin(in call, in slot);

        ref Thread thread = ref record->Thread;
        Assert.Equal(((ulong)SystemResult.Ok, 1ul, 2ul), (thread.Context.Rax, thread.Context.Rsi, thread.Context.Rdx));
        Assert.Equal((3ul, 4ul, 5ul, 7ul), (thread.Context.R10, thread.Context.R8, thread.Context.R9, thread.SendBadge));
        Assert.Equal((ThreadState.Ready, isCall ? ThreadFlags.Foreign | ThreadFlags.IsCall : ThreadFlags.Foreign), (thread.State, thread.Flags));
        Assert.Equal(CapabilityRights.Write | CapabilityRights.GrantReply, thread.SendRights);
        Assert.True(thread.Next.IsNull && thread.Reply.IsNull && thread.SchedulingContext.IsNull && thread.Buffer.IsNull);
        Assert.True(thread.PlainSlots == 0 && thread.CSpace.IsEmpty, "it names capabilities by a CSpace that is nobody's");
    }

    /// <summary>Only who holds an endpoint, with the right to call it, calls it. Each that does not is counted once.</summary>
    [Theory]
    [InlineData(Peer + 1, CapabilityType.Endpoint, CapabilityRights.All)]
    [InlineData(Peer, CapabilityType.Notification, CapabilityRights.All)]
    [InlineData(Peer, CapabilityType.Endpoint, CapabilityRights.Read)]
    [InlineData(Peer, CapabilityType.Thread, CapabilityRights.Read)]
    [InlineData(Peer, CapabilityType.Dying, CapabilityRights.All)]
    public void CallOfWhatIsNotHeld_IsRefused(uint from, CapabilityType type, CapabilityRights rights)
    {
        LendEndpoint(0, Peer);
        (Remote.Exports[0].Slot.Type, Remote.Exports[0].Slot.Rights) = (type, rights);

        Assert.Equal(TakenCall.Dead, TakeCall(from, number: 0));
        Assert.Equal((1ul, 0ul), (Remote.Refused, Remote.Callers.Taken));
    }

    /// <summary>Numbers are each core's own, and so is its half of the room.</summary>
    [Fact]
    public void CallersOfTwoCores_DoNotCountForEachOther()
    {
        LendEndpoint(0, Peer);
        LendEndpoint(1, Peer + 1);
        Assert.Equal(2u, Remote.Callers.Capacity);

        Assert.Equal(TakenCall.Taken, TakeCall(Peer, number: 5));
        Assert.Equal(TakenCall.Wrong, TakeCall(Peer, number: 5));
        Assert.Equal(TakenCall.Full, TakeCall(Peer, number: 6));
        Assert.Equal(TakenCall.Taken, TakeCall(Peer + 1, number: 5, export: 1));
        Assert.Equal(1ul, Remote.Refused);
    }

    /// <summary>Of a core that is lost nobody waits any more at an endpoint; who called there hears it, and others wait on.</summary>
    [Fact]
    public void LostCore_EndsCallsToItAndFromIt()
    {
        HoldForeignEndpoint();
        LendEndpoint(0, Peer);
        LendEndpoint(1, Peer + 1);
        Assert.Equal(TakenCall.Taken, TakeCall(Peer, number: 0));
        Assert.Equal(TakenCall.Taken, TakeCall(Peer + 1, number: 0, export: 1));
        ObjectPointer<Thread> caller = Call(0);
        ObjectPointer<Thread> gone = Call(1);
        Replies.End(ref _kernel->Scheduler, gone.Value.Reply);
        gone.Value.State = ThreadState.Inactive;

        Remote.Lose(ref _kernel->Scheduler, Peer);

        Assert.Equal((0b10ul, 0ul), (Remote.Callers.Taken, Remote.Calls.Taken));
        Assert.Equal((ThreadState.Ready, (ulong)SystemResult.PeerDied), (caller.Value.State, caller.Value.Context.Rax));
        Assert.Equal(ThreadState.Inactive, gone.Value.State);
        Assert.True(Endpoint->Head.Is(Remote.Callers.FirstOf<Thread>(1)));
        Assert.True(Endpoint->Head.Value.Next.Is(Endpoint->Head), "the lost caller still stands in the queue");
    }

    private Endpoint* Endpoint => (Endpoint*)(_slots + (EndpointPlace * CapabilitySlot.SizeBytes));

    private TakenCall TakeCall(uint from, uint number, uint export = 0)
    {
        RemoteCall call = new() { HomeNumber = export, Number = number, IsCall = true, MayWait = true };
        return Remote.TakeCall(ref _kernel->Scheduler, from, in call, out _);
    }

    // An export of an endpoint that has been told.
    private void LendEndpoint(uint number, uint holder)
    {
        Assert.True(Remote.Exports.TryTake(out uint taken));
        Assert.Equal(number, taken);
        ref CrossingEntry entry = ref Remote.Exports[number];
        (entry.State, entry.Peer) = (CrossingState.Held, holder);
        (entry.Slot.Type, entry.Slot.Rights, entry.Slot.Object) = (CapabilityType.Endpoint, CapabilityRights.All, (ulong)Endpoint);
    }

    private void HoldForeignEndpoint()
    {
        Assert.True(Channels.TryAsk(Peer, name: 9, out uint end));
        Open(end, Epoch, name: 9);
        RemoteOffer offer = new() { Channel = end, Epoch = Epoch, Type = CapabilityType.Endpoint, Rights = CapabilityRights.All, Giver = Peer };
        Assert.True(Remote.TryArrive(ref _kernel->Scheduler, ref Channels, Peer, in offer));
        Assert.Equal(SystemResult.Ok, Accept(end, 5));
    }

    private ObjectPointer<Thread> Call(int thread)
    {
        ObjectPointer<Thread> caller = Caller(thread);
        RemoteCall call = new() { IsCall = true, MayWait = true };
        Assert.Equal(SystemResult.Ok, Remote.TryCall(ref _kernel->Scheduler, caller, 0, in call));
        return caller;
    }

    private ObjectPointer<Thread> Caller(int index)
    {
        Thread* thread = (Thread*)((byte*)_threads + (index * 2048));
        *thread = default;
        thread->State = ThreadState.Ready;
        CapabilitySlot pointer = default;
        pointer.Object = (ulong)thread;
        return pointer.Thread;
    }
}
