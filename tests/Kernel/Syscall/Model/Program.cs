using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>A thread of a simulated program: where its objects are, and where its capabilities begin.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Slot">Index of its Thread in the root CNode.</param>
/// <param name="TimeSlot">Of the scheduling context made with it; bound unless it was spawned passive.</param>
/// <param name="SpaceSlot">Of its VSpace.</param>
/// <param name="FrameSlot">Of the frame with its message buffer.</param>
/// <param name="Base">Added to the index of a slot it is an address in the thread's CSpace.</param>
public sealed record Program(string Name, uint Slot, uint TimeSlot, uint SpaceSlot, uint FrameSlot, ulong Base)
{
    /// <summary>The thread.</summary>
    public required ObjectPointer<Thread> Thread { get; init; }

    /// <summary>The scheduling context made with it.</summary>
    public required ObjectPointer<SchedulingContext> Time { get; init; }

    /// <summary>The thread's record.</summary>
    public ref Thread Record => ref Thread.Value;

    /// <summary>What it is doing.</summary>
    public ThreadState State => Thread.Value.State;

    /// <summary>Registers: results of its last system call, once it goes on.</summary>
    public ref ThreadContext Context => ref Thread.Value.Context;

    /// <summary>Result of its last system call.</summary>
    public SystemResult Result => (SystemResult)Thread.Value.Context.Rax;

    /// <summary>Header that it got.</summary>
    public MessageHeader Header => new(Thread.Value.Context.Rsi);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
