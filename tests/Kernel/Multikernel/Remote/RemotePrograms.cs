using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Programs;
using Atoll.Remote;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>The programs of a simulated core: they own frames, notifications, endpoints, a thread and an untyped, give them over channels, take, copy and delete what others gave, signal, call, serve, and revoke.</summary>
/// <remarks>The kernel's own tables, slots and derivation tree; no address spaces, so a frame that is held stands for one that is mapped.</remarks>
internal sealed unsafe class RemotePrograms : IDisposable
{
    /// <summary>Capabilities that the core's programs own: of <see cref="Kinds"/> one in two a frame, one in four a notification, one in four an endpoint; then a thread and an untyped.</summary>
    public const uint Owned = 10;

    /// <summary>Those that are frames, notifications and endpoints in turn.</summary>
    public const uint Kinds = 8;

    /// <summary>The one that is a thread.</summary>
    public const uint OwnThread = 8;

    /// <summary>The one that is an untyped.</summary>
    public const uint OwnUntyped = 9;

    /// <summary>log2 of its bytes.</summary>
    public const byte UntypedBits = 14;

    /// <summary>The bit that a signal of a notification sets.</summary>
    public const ulong Bit = 4;

    /// <summary>Slots of the core's programs, unless a test wants more: those that they own come first.</summary>
    public const uint Slots = 40;

    /// <summary>Those that objects can be made into.</summary>
    public const uint NodeSlots = 1 << NodeRadix;

    /// <summary>Most ends of channels of a core.</summary>
    public const uint EndsMax = SimulatedPrograms.EndsMax;

    private const int CallsMax = 1000;
    private const int ObjectBytes = 64;
    private const ulong GrantBytes = 64UL << 20;
    private const int GrantShift = 32;
    private const ulong UntypedOffset = 1UL << 20;
    private const byte NodeRadix = 5;

    private readonly SimulatedPrograms _channels;
    private readonly byte* _memory;
    private readonly void* _records;
    private readonly List<RunningRevoke> _revokes = [];
    private readonly Stack<nint> _threads = new();
    private readonly CallingPrograms _calls;
    private readonly ControlledThread _controlled = new();
    private readonly uint _recordsFor;
    private readonly uint _slots;

    public RemotePrograms(SimulatedMember member, int cores, uint ends = EndsMax)
        : this(member, cores, ends, ends, Slots)
    {
    }

    /// <summary>Programs with many slots, on a kernel with records for more ends than there are.</summary>
    public RemotePrograms(SimulatedMember member, int cores, uint ends, uint recordsFor, uint slots)
    {
        _recordsFor = recordsFor;
        _slots = slots;
        _channels = new SimulatedPrograms(member, cores, ends);
        _calls = new CallingPrograms(this);
        _memory = (byte*)NativeMemory.AlignedAlloc((slots + Owned) * ObjectBytes, 64);
        _records = NativeMemory.AlignedAlloc((nuint)RemoteState.BytesFor(recordsFor), 64);
    }

    /// <summary>What is asked of the kernel, told to whoever compares.</summary>
    public Action<RemotePrograms, uint> Revoked { get; set; } = (_, _) => { };

    /// <summary>What is given and taken, told to whoever compares.</summary>
    public GrantOrder? Order { get; set; }

    /// <summary>Its ends of channels.</summary>
    public SimulatedPrograms Channels => _channels;

    /// <summary>Its threads that call other cores, and those that serve.</summary>
    public CallingPrograms Calls => _calls;

    /// <summary>The thread that they own.</summary>
    public ControlledThread Controlled => _controlled;

    /// <summary>Whether a home lets an import be used, as only the simulation knows.</summary>
    public Func<RemotePrograms, uint, uint, bool> IsHeld { get; set; } = (_, _, _) => true;

    /// <summary>The core.</summary>
    public SimulatedMember Member => _channels.Member;

    /// <summary>What crosses.</summary>
    public ref RemoteState Remote => ref Kernel.Remote;

    /// <summary>Whether no revoke is under way.</summary>
    public bool HasRevoked => _revokes.Count == 0;

    /// <summary>What the coordinator says that a core was granted.</summary>
    public static Atoll.Instance.PeerGrant GrantOf(uint core) => new() { Peer = core, Base = (core + 1UL) << GrantShift, Bytes = GrantBytes };

    private ref Microkernel Kernel => ref Member.State->Kernel;

    /// <summary>A life of the core begins.</summary>
    public void Begin()
    {
        _channels.Begin();
        NativeMemory.Clear(_memory, (_slots + Owned) * ObjectBytes);
        NativeMemory.Fill(_records, (nuint)RemoteState.BytesFor(_recordsFor), 0xCC);
        Remote.Begin((ulong)_records, _recordsFor, Member.Number);
        EndRevokes();
        _calls.Begin();
        _controlled.Begin(Member.Number);
        for (uint index = 0; index < Owned; index++)
        {
            Make(index);
        }
    }

    /// <summary>The core that was granted the memory at an address.</summary>
    public static uint OwnerOf(ulong frame) => (uint)(frame >> GrantShift) - 1;

    /// <summary>Address of an owned frame.</summary>
    public ulong FrameOf(uint index) => GrantOf(Member.Number).Base + (index << 12);

    /// <summary>Address of the owned untyped.</summary>
    public ulong Untyped => GrantOf(Member.Number).Base + UntypedOffset;

    /// <summary>A slot of the core's programs.</summary>
    public ObjectPointer<CapabilitySlot> Slot(uint index) => CNode.Slot(RootCapabilities.SlotsAt((ulong)_memory - PhysicalWindow.Base), index);

    /// <summary>The notification that an owned capability names.</summary>
    public Notification* NotificationOf(uint index) => (Notification*)(_memory + ((_slots + index) * ObjectBytes));

    /// <summary>The endpoint that an owned capability names.</summary>
    public Endpoint* EndpointOf(uint index) => (Endpoint*)NotificationOf(index);

    /// <summary>Whether an import can be used as far as its home is concerned.</summary>
    public bool IsHeldAtHome(ref readonly CrossingEntry import) => IsHeld(this, import.Peer, import.HomeNumber);

    /// <summary>Calls by a capability.</summary>
    public SystemResult Call(uint slot, bool mayWait = true)
    {
        SystemResult called = _calls.Call(slot, isCall: true, mayWait);
        AfterCall();
        return called;
    }

    /// <summary>Asks a thread of another core for something.</summary>
    public SystemResult Ask(uint slot, ThreadOperation operation, ulong word0 = 0, ulong word1 = 0)
    {
        SystemResult asked = _calls.Ask(slot, operation, word0, word1);
        AfterCall();
        return asked;
    }

    /// <summary>What a call with a header hears at once.</summary>
    public SystemResult TryBegin(uint slot, MessageHeader header) => _calls.TryBegin(slot, header);

    /// <summary>One of those that wait for an answer gives up.</summary>
    public void EndCaller(Random random)
    {
        _calls.EndCaller(random);
        AfterCall();
    }

    /// <summary>Gives a capability over an end of a channel.</summary>
    public SystemResult Give(uint end, uint slot, CapabilityRights rights = CapabilityRights.All)
    {
        ref CapabilitySlot source = ref Slot(slot).Value;
        if (source.Type == CapabilityType.Untyped && source.IsInside && !source.HasChildren)
        {
            // There is no memory behind it: as if it had been asked until all was zero.
            (source.Watermark, source.ZeroedEnd) = (0, 1UL << source.SizeBits);
        }

        Outcome given = Remote.Grant(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot), rights);
        if (given.IsOk)
        {
            Order?.Given(in _channels.Table[end], Member.Number, end, in Slot(slot).Value);
        }

        AfterCall();
        return given.Result;
    }

    /// <summary>Takes the next that was given.</summary>
    public SystemResult Take(uint end, uint slot)
    {
        Outcome taken = Remote.Accept(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot));
        if (taken.IsOk)
        {
            Order?.Taken(in _channels.Table[end], in Slot(slot).Value);
        }

        AfterCall();
        return taken.Result;
    }

    /// <summary>Makes a copy with all rights.</summary>
    public void Copy(uint from, uint to) => _ = Copying.Derive(Slot(from), Slot(to), CapabilityRights.All);

    /// <summary>Makes one object of an untyped.</summary>
    public SystemResult Make(uint untyped, CapabilityType type, byte sizeBits, uint into)
    {
        CapabilitySlot node = default;
        node.Type = CapabilityType.CNode;
        node.SizeBits = NodeRadix;
        node.Object = (ulong)_memory;
        return Retype.Do(ref Kernel.Capabilities, Slot(untyped), RetypeRequest.Of(type, sizeBits, 1), in node, into).Result;
    }

    /// <summary>Whether any slot has memory that lies in a range, of another core or made of that.</summary>
    public bool HasForeign(ulong address, ulong bytes)
    {
        for (uint index = 0; index < Slots; index++)
        {
            ref CapabilitySlot slot = ref Slot(index).Value;
            if (slot.Type is CapabilityType.Frame or CapabilityType.Untyped && !slot.IsInside && slot.Object - address < bytes)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Deletes a capability.</summary>
    public void Delete(uint slot)
    {
        _ = Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(slot));
        AfterCall();
    }

    /// <summary>Deletes a capability. Its kernel does nothing else yet.</summary>
    public void DeleteQuietly(uint slot) => _ = Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(slot));

    /// <summary>Signals by a capability, as Send does.</summary>
    public void Signal(uint index)
    {
        ref CapabilitySlot slot = ref Slot(index).Value;
        if (slot.Type == CapabilityType.Remote && (CapabilityType)slot.SizeBits == CapabilityType.Notification && (slot.Rights & CapabilityRights.Write) != 0)
        {
            Remote.Signal((uint)slot.Object);
        }
    }

    /// <summary>Takes back whatever was derived from a capability.</summary>
    public void TakeBack(uint slot)
    {
        Revoke(slot);
        AfterCall();
    }

    /// <summary>Moves a capability to the first empty slot from one on.</summary>
    public void Move(uint from, uint to)
    {
        while (!Slot(to).Value.IsEmpty)
        {
            to++;
        }

        _ = Moving.Move(Slot(from), Slot(to));
    }

    /// <summary>Revokes that were told to try again do so; callers hear, and servers answer. A program that has nothing to do calls no kernel.</summary>
    public void GoOn()
    {
        bool hasDone = false;
        foreach (RunningRevoke revoke in _revokes.ToArray())
        {
            if (revoke.Thread->State == ThreadState.Ready)
            {
                _revokes.Remove(revoke);
                _threads.Push((nint)revoke.Thread);
                Revoke(revoke.Root);
                hasDone = true;
            }
        }

        if (_calls.GoOn() || hasDone)
        {
            AfterCall();
        }
    }

    /// <summary>Everything that came from others, and everything that was given, goes.</summary>
    public void GiveUpAll()
    {
        for (uint index = Owned; index < _slots; index++)
        {
            Assert.True(Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(index)).IsOk);
        }

        for (uint index = 0; index < Owned; index++)
        {
            Revoke(index);
        }

        foreach (SimulatedEnd end in _channels.Ends)
        {
            Remote.DropArrived(ref Kernel.Channels, end.Number);
        }

        AfterCall();
    }

    /// <summary>Signals whatever can be signalled.</summary>
    public void SignalAll()
    {
        for (uint index = 0; index < _slots; index++)
        {
            Signal(index);
        }

        AfterCall();
    }

    /// <summary>Asks each thread of another core to show that it was asked.</summary>
    public void AskAll()
    {
        _controlled.HasMark = false;
        for (uint index = Owned; index < _slots; index++)
        {
            _ = _calls.Ask(index, ThreadOperation.SetLocalBase, 0, 0);
        }

        AfterCall();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndRevokes();
        while (_threads.TryPop(out nint thread))
        {
            NativeMemory.AlignedFree((void*)thread);
        }

        _calls.Dispose();
        _controlled.Dispose();
        _channels.Dispose();
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_records);
    }

    private void EndRevokes()
    {
        foreach (RunningRevoke revoke in _revokes)
        {
            _threads.Push((nint)revoke.Thread);
        }

        _revokes.Clear();
    }

    private void Make(uint index)
    {
        if (index == OwnThread)
        {
            _controlled.PutInto(ref Slot(index).Value);
            Derivation.InsertRoot(Slot(index));
            return;
        }

        if (index == OwnUntyped)
        {
            RootCapabilities.Untyped(Slot(index), Untyped, UntypedBits);
            return;
        }

        if (index % 2 == 0)
        {
            RootCapabilities.Frame(Slot(index), FrameOf(index));
            return;
        }

        ref CapabilitySlot slot = ref Slot(index).Value;
        *NotificationOf(index) = default;
        slot.Type = index % 4 == 3 ? CapabilityType.Endpoint : CapabilityType.Notification;
        slot.Rights = CapabilityRights.All;
        slot.Object = (ulong)NotificationOf(index);
        slot.Badge = Bit;
        Derivation.InsertRoot(Slot(index));
    }

    // As CNodeOperation.Revoke does.
    private void Revoke(uint index)
    {
        if (_revokes.Any(revoke => revoke.Root == index))
        {
            return;
        }

        Outcome outcome;
        int calls = 0;
        do
        {
            Assert.True(++calls < CallsMax, $"a revoke of slot {index} on core {Member.Number} comes to no end: {RemoteDescription.Of(this)}");
            outcome = Deletion.Revoke<ObjectLife, Microkernel>(ref Kernel, Slot(index));
        }
        while (outcome.Result == SystemResult.Again);
        if (outcome.IsOk)
        {
            Revoked(this, index);
            return;
        }

        Thread* thread = _threads.TryPop(out nint free) ? (Thread*)free : (Thread*)NativeMemory.AlignedAlloc((nuint)sizeof(Thread), 2048);
        *thread = default;
        thread->State = ThreadState.Ready;
        CapabilitySlot pointer = default;
        pointer.Object = (ulong)thread;
        Remote.AwaitHolders(ref Kernel.Scheduler, pointer.Thread);
        _revokes.Add(new RunningRevoke(index, thread));
    }

    /// <summary>What its kernel does after a system call: as the entry from ring 3 does.</summary>
    public void AfterCall()
    {
        if (Kernel.HasRemoteWork)
        {
            RemoteTurn.AfterCall(ref *Member.State);
        }

        if (Kernel.Channels.OwesAnything)
        {
            ChannelTurn.AfterCall(ref *Member.State);
        }
    }
}
