using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Remote;
using Atoll.Rendezvous;
using Atoll.Sched;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A thread that serves an endpoint, with a reply object.</summary>
internal sealed unsafe class SimulatedServer(Thread* thread, Reply* reply)
{
    /// <summary>The thread.</summary>
    public Thread* Thread => thread;

    /// <summary>Its reply object.</summary>
    public Reply* Reply => reply;

    /// <summary>The call that it has received and not answered; 0: none.</summary>
    public ulong Serves { get; set; }

    /// <summary>Whether it has received the message that it waited for, as far as the simulation has seen.</summary>
    public bool IsWaiting { get; set; }
}

/// <summary>Threads of a simulated core that call endpoints of other cores and ask threads there, and threads that serve its own.</summary>
/// <remarks>They use the kernel's own queues, reply objects and records. They have no time and no registers but those of messages: who is woken is found by its state.</remarks>
internal sealed unsafe class CallingPrograms : IDisposable
{
    private const int ServersOfEndpoint = 2;
    private const int ThreadsMax = 24;
    private const ulong Sentinel = 0xDEAD_0000_0000_0001;

    private readonly RemotePrograms _programs;
    private readonly byte* _threads = (byte*)NativeMemory.AlignedAlloc(ThreadsMax * 2048, 2048);
    private readonly byte* _replies = (byte*)NativeMemory.AlignedAlloc(ThreadsMax * 64, 64);
    private readonly Dictionary<nint, ulong> _calls = [];
    private readonly List<nint> _ended = [];
    private readonly Stack<nint> _free = new();
    private readonly List<(uint Index, SimulatedServer Server)> _servers = [];

    public CallingPrograms(RemotePrograms programs) => _programs = programs;

    /// <summary>All calls of the machine.</summary>
    public CallLedger Ledger { get; set; } = new();

    /// <summary>Which cores say anything.</summary>
    public Func<uint, bool> IsHostile { get; set; } = _ => false;

    /// <summary>Whether somebody who says anything had the right to send to an owned endpoint.</summary>
    public Func<uint, bool> MaySend { get; set; } = _ => false;

    /// <summary>Whether somebody who says anything had the right to ask the owned thread.</summary>
    public Func<bool> MayAsk { get; set; } = () => false;

    /// <summary>What the last of those heard that asked a thread: result, words, word 0 and 1.</summary>
    public (SystemResult Result, uint Words, ulong Word0, ulong Word1) LastHeard { get; private set; }

    /// <summary>Whether nothing new is done: then every server answers at once.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Whether no call is under way, but to a kernel that need not answer.</summary>
    public bool HasEnded => _calls.Values.All(number => IsHostile(Ledger.HomeOf(number)));

    private ref Microkernel Kernel => ref _programs.Member.State->Kernel;

    /// <summary>A life of the core begins.</summary>
    public void Begin()
    {
        Ledger.Begin(_programs.Member.Number);
        NativeMemory.Clear(_threads, ThreadsMax * 2048);
        NativeMemory.Clear(_replies, ThreadsMax * 64);
        _calls.Clear();
        _ended.Clear();
        _free.Clear();
        _servers.Clear();
        for (int index = 0; index < ThreadsMax; index++)
        {
            _free.Push((nint)(_threads + (index * 2048)));
        }

        for (uint index = 3; index < RemotePrograms.Kinds; index += 4)
        {
            for (int server = 0; server < ServersOfEndpoint; server++)
            {
                Thread* thread = (Thread*)_free.Pop();
                thread->State = ThreadState.Ready;
                _servers.Add((index, new SimulatedServer(thread, (Reply*)(_replies + (_servers.Count * 64)))));
            }
        }
    }

    /// <summary>A program calls, or sends, by a capability to an endpoint of another core.</summary>
    public SystemResult Call(uint slot, bool isCall = true, bool mayWait = true)
    {
        ref CapabilitySlot capability = ref _programs.Slot(slot).Value;
        if (capability.Type != CapabilityType.Remote || (CapabilityType)capability.SizeBits != CapabilityType.Endpoint || !_free.TryPop(out nint free))
        {
            return SystemResult.WrongType;
        }

        ref CrossingEntry import = ref _programs.Remote.Imports[(uint)capability.Object];
        Thread* thread = (Thread*)free;
        *thread = default;
        thread->State = ThreadState.Ready;
        ulong number = Ledger.Add(_programs.Member.Number, import.Peer, _programs.IsHeldAtHome(in import), isCall);
        thread->Context.Rsi = MessageHeader.Of(number >> 20, 4).Raw;
        thread->Context.Rdx = number;
        thread->Context.R10 = ~number;
        thread->Context.R8 = number * 3;
        thread->Context.R9 = number * 5;
        Outcome outcome = RemoteSending.Begin(
            ref Kernel, PointerTo(thread), in capability, isCall ? ThreadFlags.IsCall : ThreadFlags.None, mayWait ? WaitBound.None : WaitBound.Now);
        if (!outcome.IsOk)
        {
            Assert.Equal(ThreadState.Ready, thread->State);
            _free.Push(free);
            return outcome.Result;
        }

        Assert.Equal(ThreadState.AwaitingReply, thread->State);
        _calls.Add(free, number);
        return SystemResult.Ok;
    }

    /// <summary>A program asks a thread of another core.</summary>
    public SystemResult Ask(uint slot, ThreadOperation operation, ulong word0, ulong word1)
    {
        ref CapabilitySlot capability = ref _programs.Slot(slot).Value;
        if (capability.Type != CapabilityType.Remote || (CapabilityType)capability.SizeBits != CapabilityType.Thread || !_free.TryPop(out nint free))
        {
            return SystemResult.WrongType;
        }

        ref CrossingEntry import = ref _programs.Remote.Imports[(uint)capability.Object];
        Thread* thread = (Thread*)free;
        *thread = default;
        thread->State = ThreadState.Ready;
        ulong number = Ledger.AddOperation(_programs.Member.Number, import.Peer, _programs.IsHeldAtHome(in import), operation);
        thread->Context.Rsi = MessageHeader.Of((ulong)operation, 2).Raw;
        thread->Context.Rdx = operation == ThreadOperation.SetLocalBase ? CallLedger.MarkOf(number) : word0;
        thread->Context.R10 = word1;
        Outcome outcome = RemoteSending.Begin(ref Kernel, PointerTo(thread), in capability, ThreadFlags.IsCall, WaitBound.None);
        if (!outcome.IsOk)
        {
            Assert.Equal(ThreadState.Ready, thread->State);
            _free.Push(free);
            return outcome.Result;
        }

        Assert.Equal(ThreadState.AwaitingReply, thread->State);
        _calls.Add(free, number);
        return SystemResult.Ok;
    }

    /// <summary>What a call with a header hears at once.</summary>
    public SystemResult TryBegin(uint slot, MessageHeader header)
    {
        Thread* thread = (Thread*)_free.Peek();
        thread->Context.Rsi = header.Raw;
        return RemoteSending.Begin(ref Kernel, PointerTo(thread), in _programs.Slot(slot).Value, ThreadFlags.IsCall, WaitBound.None).Result;
    }

    /// <summary>One of those that wait for an answer ends, or gives up.</summary>
    public void EndCaller(Random random)
    {
        nint[] waiting = [.. _calls.Keys.Where(thread => ((Thread*)thread)->State == ThreadState.AwaitingReply).Order()];
        if (waiting.Length == 0)
        {
            return;
        }

        nint thread = waiting[random.Next(waiting.Length)];
        Cancellation.Suspend(ref Kernel.Scheduler, PointerTo((Thread*)thread));
        _ = _calls.Remove(thread);
        ((Thread*)thread)->Context.Rax = Sentinel;
        _ended.Add(thread);
        if (_ended.Count > 4)
        {
            // Long enough for an answer that was on its way.
            AssertUntouched(_ended[0]);
            _free.Push(_ended[0]);
            _ended.RemoveAt(0);
        }
    }

    /// <summary>A server does the next thing: waits, answers, or leaves its caller without an answer.</summary>
    public void Serve(Random random)
    {
        (uint index, SimulatedServer server) = _servers[random.Next(_servers.Count)];
        Serve(index, server, random.Next(6) == 0);
        if (random.Next(30) == 0 && server.Serves != 0)
        {
            // Its reply object ends (ObjectLife.EndReply).
            if (!server.Reply->Caller.IsNull)
            {
                Replies.Abandon(ref Kernel.Scheduler, server.Reply->Caller);
            }

            server.Serves = 0;
        }
    }

    /// <summary>Whoever heard how its call ended notes it; when all is quiet, servers answer all there is.</summary>
    /// <returns>Whether a program did anything that its kernel sees.</returns>
    public bool GoOn()
    {
        bool hasServed = false;
        NoticeMark();
        foreach ((nint thread, ulong number) in _calls.Where(call => ((Thread*)call.Key)->State == ThreadState.Ready).ToArray())
        {
            _ = _calls.Remove(thread);
            _free.Push(thread);
            Hear((Thread*)thread, number);
        }

        _servers.ForEach(server => Notice(server.Index, server.Server));
        for (bool goesOn = IsQuiet; goesOn;)
        {
            goesOn = false;
            foreach ((uint index, SimulatedServer server) in _servers)
            {
                bool hasWork = server.Serves != 0 || _programs.EndpointOf(index)->State == QueueState.Senders;
                if (hasWork)
                {
                    Serve(index, server, leaves: false);
                    goesOn = true;
                    hasServed = true;
                }
            }
        }

        return hasServed;
    }

    /// <summary>Nobody who gave up was told anything later.</summary>
    public void AssertEnded() => _ended.ForEach(AssertUntouched);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_threads);
        NativeMemory.AlignedFree(_replies);
    }

    private static void AssertUntouched(nint thread) =>
        Assert.True(
            ((Thread*)thread)->Context.Rax == Sentinel && ((Thread*)thread)->State == ThreadState.Inactive, "a thread that has given up was told something");

    private void Hear(Thread* thread, ulong number)
    {
        SystemResult result = (SystemResult)thread->Context.Rax;
        uint home = Ledger.HomeOf(number);
        if (Ledger.OperationOf(number) is { } operation)
        {
            LastHeard = (result, new MessageHeader(thread->Context.Rsi).Words, thread->Context.Rdx, thread->Context.R10);
            bool isAnswered = result == SystemResult.Ok && operation == ThreadOperation.GetRegisters && !IsHostile(_programs.Member.Number) && !IsHostile(home);
            Assert.True(
                !isAnswered || LastHeard == (result, 3, ControlledThread.EntryOf(home), ControlledThread.FlagsOf(home)),
                $"core {_programs.Member.Number} has asked core {home} for the registers of its thread, and hears {LastHeard}");
        }

        if (IsHostile(_programs.Member.Number))
        {
            // Its kernel has said something else by the same numbers.
            return;
        }

        Ledger.End(_programs.Member.Number, number, result, IsHostile(home));
        if (result == SystemResult.Ok && Ledger.IsCall(number) && Ledger.OperationOf(number) is null && !IsHostile(home))
        {
            Assert.Equal(
                (MessageHeader.Of(number >> 10, 3).Raw, CallLedger.AnswerTo(number, 0), CallLedger.AnswerTo(number, 1), CallLedger.AnswerTo(number, 2)),
                (thread->Context.Rsi, thread->Context.Rdx, thread->Context.R10, thread->Context.R8));
        }
    }

    // Somebody has put a mark on the thread since: once, who might, when he might.
    private void NoticeMark()
    {
        if (!_programs.Controlled.TryTakeMark(out ulong mark))
        {
            return;
        }

        uint core = _programs.Member.Number;
        Assert.True(Ledger.Show(core, mark) || MayAsk(), $"the thread of core {core} was asked by somebody who may not");
    }

    private void Serve(uint index, SimulatedServer server, bool leaves)
    {
        if (server.Serves != 0 && !leaves)
        {
            Answer(server);
        }

        // With a caller that is not answered: it hears that nobody will.
        if (!server.IsWaiting)
        {
            server.Serves = 0;
            server.Thread->Flags = ThreadFlags.None;
            server.IsWaiting = true;
            Endpoints.Receive(
                ref Kernel.Scheduler, PointerTo<Endpoint>(_programs.EndpointOf(index)), PointerTo(server.Thread), PointerTo<Reply>(server.Reply), WaitBound.None);
        }

        Notice(index, server);
    }

    private void Answer(SimulatedServer server)
    {
        ref ThreadContext context = ref server.Thread->Context;
        context.Rsi = MessageHeader.Of(server.Serves >> 10, 3).Raw;
        context.Rdx = CallLedger.AnswerTo(server.Serves, 0);
        context.R10 = CallLedger.AnswerTo(server.Serves, 1);
        context.R8 = CallLedger.AnswerTo(server.Serves, 2);
        if (Replies.Answer(ref Kernel.Scheduler, PointerTo<Reply>(server.Reply), PointerTo(server.Thread)) == SystemResult.Ok)
        {
            Ledger.Answer(server.Serves);
        }

        server.Serves = 0;
    }

    // A message has come to who waited for it.
    private void Notice(uint index, SimulatedServer server)
    {
        if (!server.IsWaiting || server.Thread->State != ThreadState.Ready)
        {
            return;
        }

        server.IsWaiting = false;
        ref ThreadContext context = ref server.Thread->Context;
        Assert.Equal(((ulong)SystemResult.Ok, RemotePrograms.Bit), (context.Rax, context.Rdi));
        LedgerCall? call = Ledger.Receive(_programs.Member.Number, context.Rdx);
        ulong number = context.Rdx;
        if (call is null)
        {
            Assert.True(MaySend(index), $"core {_programs.Member.Number} has received a call to endpoint {index} that nobody who may has made");
            server.Serves = server.Reply->Caller.IsNull ? 0UL : 1;
            return;
        }

        Assert.Equal((MessageHeader.Of(number >> 20, 4).Raw, ~number, number * 3, number * 5), (context.Rsi, context.R10, context.R8, context.R9));
        server.Serves = call.IsCall ? number : 0;
    }

    private static ObjectPointer<Thread> PointerTo(Thread* thread) => PointerTo<Thread>(thread);

    private static ObjectPointer<T> PointerTo<T>(T* at)
        where T : unmanaged
    {
        // As a capability names it.
        CapabilitySlot slot = default;
        slot.Object = (ulong)at;
        return typeof(T) == typeof(Thread) ? (ObjectPointer<T>)(object)slot.Thread
            : typeof(T) == typeof(Reply) ? (ObjectPointer<T>)(object)slot.Reply : (ObjectPointer<T>)(object)slot.Endpoint;
    }
}
