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

/// <summary>A revoke that has begun, and the thread that waits for it.</summary>
internal sealed unsafe class RunningRevoke(uint root, Thread* thread)
{
    /// <summary>Which capability.</summary>
    public uint Root => root;

    /// <summary>Who asked.</summary>
    public Thread* Thread => thread;
}

/// <summary>The programs of a simulated core: they own frames, notifications and endpoints, give them over channels, take, copy and delete what others gave, signal, call, serve, and revoke.</summary>
/// <remarks>The kernel's own tables, slots and derivation tree; no address spaces, so a frame that is held stands for one that is mapped.</remarks>
internal sealed unsafe class RemotePrograms : IDisposable
{
    /// <summary>Capabilities that the core's programs own: one in two a frame, one in four a notification, one in four an endpoint.</summary>
    public const uint Owned = 8;

    /// <summary>The bit that a signal of a notification sets.</summary>
    public const ulong Bit = 4;

    private const uint Slots = 40;
    private const int CallsMax = 1000;
    private const int ObjectBytes = 64;
    private const ulong GrantBytes = 64UL << 20;

    private readonly SimulatedPrograms _channels;
    private readonly byte* _memory;
    private readonly void* _records;
    private readonly List<RunningRevoke> _revokes = [];
    private readonly Stack<nint> _threads = new();
    private readonly CallingPrograms _calls;

    public RemotePrograms(SimulatedMember member, int cores)
    {
        _channels = new SimulatedPrograms(member, cores);
        _calls = new CallingPrograms(this);
        _memory = (byte*)NativeMemory.AlignedAlloc((Slots + Owned) * ObjectBytes, 64);
        _records = NativeMemory.AlignedAlloc((nuint)RemoteState.BytesFor(SimulatedPrograms.EndsMax), 64);
    }

    /// <summary>What is asked of the kernel, told to whoever compares.</summary>
    public Action<RemotePrograms, uint> Revoked { get; set; } = (_, _) => { };

    /// <summary>What is given and taken, told to whoever compares; null: a hostile kernel may have said anything.</summary>
    public GrantOrder? Order { get; set; }

    /// <summary>Its ends of channels.</summary>
    public SimulatedPrograms Channels => _channels;

    /// <summary>Its threads that call other cores, and those that serve.</summary>
    public CallingPrograms Calls => _calls;

    /// <summary>Whether a home lets an import be used, as only the simulation knows.</summary>
    public Func<RemotePrograms, uint, uint, bool> IsHeld { get; set; } = (_, _, _) => true;

    /// <summary>The core.</summary>
    public SimulatedMember Member => _channels.Member;

    /// <summary>What crosses.</summary>
    public ref RemoteState Remote => ref Kernel.Remote;

    /// <summary>Whether no revoke is under way.</summary>
    public bool HasRevoked => _revokes.Count == 0;

    /// <summary>What the coordinator says that a core was granted.</summary>
    public static Atoll.Instance.PeerGrant GrantOf(uint core) => new() { Peer = core, Base = (core + 1UL) << 32, Bytes = GrantBytes };

    private ref Microkernel Kernel => ref Member.State->Kernel;

    /// <summary>A life of the core begins.</summary>
    public void Begin()
    {
        _channels.Begin();
        NativeMemory.Clear(_memory, (Slots + Owned) * ObjectBytes);
        NativeMemory.Fill(_records, (nuint)RemoteState.BytesFor(SimulatedPrograms.EndsMax), 0xCC);
        Remote.Begin((ulong)_records, SimulatedPrograms.EndsMax, Member.Number);
        EndRevokes();
        _calls.Begin();
        for (uint index = 0; index < Owned; index++)
        {
            Make(index);
        }
    }

    /// <summary>What is under way, for whoever reads a failure.</summary>
    public string Describe()
    {
        List<string> records = [];
        for (uint number = 0; number < Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref Remote.Exports[number];
            string way = entry.Way == CrossingWay.Passed ? $" of {entry.HomeNumber} at {entry.Giver}" : entry.Way == CrossingWay.Giver ? $" that {entry.HomeNumber} is" : "";
            records.Add($"export {number} {entry.State} owes {entry.Owes} to {entry.Peer}{way}{(entry.IsListed ? " listed" : "")}");
        }

        for (uint number = 0; number < Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref Remote.Imports[number];
            records.Add($"import {number} {entry.State} owes {entry.Owes} of {entry.HomeNumber} at {entry.Peer}{(entry.IsListed ? " listed" : "")}");
        }

        for (ulong left = Remote.Calls.Taken; left != 0;)
        {
            ref AwaitedCall call = ref Remote.Calls[CallTable<AwaitedCall>.Next(ref left)];
            records.Add($"call {call.State} of {call.Call.HomeNumber} at {call.Peer}");
        }

        for (ulong left = Remote.Callers.Taken; left != 0;)
        {
            ref ForeignCaller caller = ref Remote.Callers[CallTable<ForeignCaller>.Next(ref left)];
            records.Add($"caller {caller.Number} of {caller.Peer} {caller.Thread.State}");
        }

        for (uint number = 0; number < _channels.Table.Used; number++)
        {
            ref ChannelEntry end = ref _channels.Table[number];
            records.Add($"end {number} {end.State} owes {end.Owes} to {end.Peer}");
        }

        return $"channels owe {_channels.Table.OwesAnything}, work {Remote.HasWork}, room {Remote.AwaitsRoom}, revokes {_revokes.Count}: "
            + string.Join(", ", records.Where(record => !record.Contains("None owes None", StringComparison.Ordinal)));
    }

    /// <summary>Address of an owned frame.</summary>
    public ulong FrameOf(uint index) => GrantOf(Member.Number).Base + (index << 12);

    /// <summary>A slot of the core's programs.</summary>
    public ObjectPointer<CapabilitySlot> Slot(uint index) => CNode.Slot(RootCapabilities.SlotsAt((ulong)_memory - PhysicalWindow.Base), index);

    /// <summary>The notification that an owned capability names.</summary>
    public Notification* NotificationOf(uint index) => (Notification*)(_memory + ((Slots + index) * ObjectBytes));

    /// <summary>The endpoint that an owned capability names.</summary>
    public Endpoint* EndpointOf(uint index) => (Endpoint*)NotificationOf(index);

    /// <summary>Whether an import can be used as far as its home is concerned.</summary>
    public bool IsHeldAtHome(ref readonly CrossingEntry import) => IsHeld(this, import.Peer, import.HomeNumber);

    /// <summary>Whether a hostile kernel holds, or held a moment ago, the right to send to an owned endpoint.</summary>
    public bool IsHeldByHostile(uint index, Func<uint, bool> isHostile)
    {
        for (uint number = 0; number < Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref Remote.Exports[number];
            if (entry.Slot.Object == (ulong)EndpointOf(index) && isHostile(entry.Peer) && (entry.Slot.Rights & CapabilityRights.Write) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whoever stands beside or below a capability in the tree knows it.</summary>
    public void AssertTreeIsSound()
    {
        for (uint index = 0; index < Slots; index++)
        {
            AssertStands(Slot(index), $"slot {index}");
        }

        for (uint number = 0; number < Remote.Exports.Used; number++)
        {
            AssertStands(Remote.Exports.Slot(number), $"export {number}");
        }

        for (uint number = 0; number < Remote.Imports.Used; number++)
        {
            AssertStands(Remote.Imports.Slot(number), $"import {number}");
        }
    }

    private void AssertStands(ObjectPointer<CapabilitySlot> slot, string what)
    {
        if (slot.Value.IsEmpty)
        {
            return;
        }

        DerivationLink next = slot.Value.Next;
        DerivationLink previous = slot.Value.Previous;
        bool isBefore = next.IsParent ? next.Slot.IsNull || next.Slot.Value.LastChild.Is(slot) : next.Slot.Value.Previous.Slot.Is(slot);
        bool isBehind = previous.IsParent ? previous.Slot.IsNull || previous.Slot.Value.FirstChild.Is(slot) : previous.Slot.Value.Next.Slot.Is(slot);
        bool hasChildren = slot.Value.FirstChild.IsNull
            || (slot.Value.FirstChild.Value.Previous.IsParent && slot.Value.FirstChild.Value.Previous.Slot.Is(slot)
                && slot.Value.LastChild.Value.Next.IsParent && slot.Value.LastChild.Value.Next.Slot.Is(slot));
        Assert.True(isBefore && isBehind && hasChildren, $"{what} of core {Member.Number} does not stand where its neighbours say: {isBefore}, {isBehind}, {hasChildren}");
    }

    /// <summary>One thing that a program does.</summary>
    public void Step(Random random)
    {
        GoOn();
        uint slot = (uint)random.Next((int)Slots);
        SimulatedEnd? end = _channels.Ends.Count == 0 ? null : _channels.Ends[random.Next(_channels.Ends.Count)];
        switch (random.Next(18))
        {
            case 0 or 1:
                _channels.Step(random);
                break;
            case 2 or 3 or 4 when end is not null && random.Next(3) == 0:
                GiveOn(random);
                break;
            case 2 or 3 or 4 when end is not null:
                GiveAny(end.Number, random.Next(2) == 0 ? slot : (uint)random.Next((int)Owned), (CapabilityRights)random.Next(16));
                break;
            case 5 or 6 or 7 when end is not null && Slot(slot).Value.IsEmpty:
                TakeAny(end.Number, slot);
                break;
            case 8 when slot >= Owned:
                _ = Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(slot));
                break;
            case 9:
                Copy((uint)random.Next((int)Slots), slot);
                break;
            case 10 or 11:
                Signal(slot);
                break;
            case 12:
                CallSome(random);
                break;
            case 13 or 14:
                _calls.Serve(random);
                break;
            case 15 when random.Next(3) == 0:
                _calls.EndCaller(random);
                break;
            default:
                Revoke(random.Next(3) == 0 ? slot : (uint)random.Next((int)Owned));
                break;
        }

        AfterCall();
    }

    /// <summary>Calls by a capability.</summary>
    public SystemResult Call(uint slot, bool mayWait = true)
    {
        SystemResult called = _calls.Call(slot, isCall: true, mayWait);
        AfterCall();
        return called;
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
    public SystemResult Give(uint end, uint slot)
    {
        Outcome given = Remote.Grant(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot), CapabilityRights.All);
        AfterCall();
        return given.Result;
    }

    /// <summary>Takes the next that was given.</summary>
    public SystemResult Take(uint end, uint slot)
    {
        Outcome taken = Remote.Accept(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot));
        AfterCall();
        return taken.Result;
    }

    /// <summary>Deletes a capability.</summary>
    public void Delete(uint slot)
    {
        _ = Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(slot));
        AfterCall();
    }

    /// <summary>Deletes a capability. Its kernel does nothing else yet.</summary>
    public void DeleteQuietly(uint slot) => _ = Deletion.Delete<ObjectLife, Microkernel>(ref Kernel, Slot(slot));

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

    /// <summary>Revokes that were told to try again do so.</summary>
    public void GoOn()
    {
        foreach (RunningRevoke revoke in _revokes.ToArray())
        {
            if (revoke.Thread->State == ThreadState.Ready)
            {
                _revokes.Remove(revoke);
                _threads.Push((nint)revoke.Thread);
                Revoke(revoke.Root);
            }
        }

        _calls.GoOn();

        AfterCall();
    }

    /// <summary>Everything that came from others, and everything that was given, goes.</summary>
    public void GiveUpAll()
    {
        for (uint index = Owned; index < Slots; index++)
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
        for (uint index = 0; index < Slots; index++)
        {
            Signal(index);
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

    private void GiveAny(uint end, uint slot, CapabilityRights rights)
    {
        if (Remote.Grant(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot), rights).IsOk)
        {
            Order?.Given(in _channels.Table[end], Member.Number, end, in Slot(slot).Value);
        }
    }

    // What came from elsewhere, over an end to another core that carries nothing else: by chance alone the two hardly ever meet.
    private void GiveOn(Random random)
    {
        uint[] held = [.. Enumerable.Range((int)Owned, (int)(Slots - Owned)).Select(index => (uint)index).Where(index => !Slot(index).Value.IsEmpty)];
        SimulatedEnd[] free = [.. _channels.Ends.Where(end => IsFreeToAnother(in _channels.Table[end.Number]))];
        if (held.Length == 0 || free.Length == 0)
        {
            return;
        }

        uint end = free[random.Next(free.Length)].Number;
        GiveAny(end, held[random.Next(held.Length)], (CapabilityRights)random.Next(16));
        if (random.Next(2) == 0)
        {
            // Nothing may pass it on the way.
            GiveAny(end, (uint)random.Next((int)Owned), CapabilityRights.All);
        }
    }

    private bool IsFreeToAnother(ref readonly ChannelEntry end) => end.State == ChannelState.Open && end.Given == 0 && end.Peer != Member.Number;

    private void TakeAny(uint end, uint slot)
    {
        if (Remote.Accept(ref Kernel.Scheduler, ref Kernel.Channels, end, Slot(slot)).IsOk)
        {
            Order?.Taken(in _channels.Table[end], in Slot(slot).Value);
        }
    }

    private void Copy(uint from, uint to)
    {
        if (Slot(to).Value.IsEmpty)
        {
            _ = Copying.Derive(Slot(from), Slot(to), CapabilityRights.All);
        }
    }

    // Bursts, so that rings and homes get full.
    private void CallSome(Random random)
    {
        int calls = random.Next(4) == 0 ? random.Next(12) : 1;
        uint first = (uint)random.Next((int)Slots);
        for (uint look = 0; look < Slots && calls != 0; look++)
        {
            uint slot = (first + look) % Slots;
            while (calls != 0 && _calls.Call(slot, random.Next(5) != 0, random.Next(6) != 0) == SystemResult.Ok)
            {
                calls--;
                if (random.Next(2) == 0)
                {
                    break;
                }
            }
        }
    }

    // As Send does.
    private void Signal(uint index)
    {
        ref CapabilitySlot slot = ref Slot(index).Value;
        if (slot.Type == CapabilityType.Remote && (CapabilityType)slot.SizeBits == CapabilityType.Notification && (slot.Rights & CapabilityRights.Write) != 0)
        {
            Remote.Signal((uint)slot.Object);
        }
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
            Assert.True(++calls < CallsMax, $"a revoke of slot {index} on core {Member.Number} comes to no end: {Describe()}");
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

    // As the entry from ring 3 does.
    private void AfterCall()
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
