using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Who waits in a queue.</summary>
public enum QueueState : ulong
{
    /// <summary>Nobody. Zeroed memory reads so.</summary>
    Idle,

    /// <summary>Senders.</summary>
    Senders,

    /// <summary>Receivers.</summary>
    Receivers,
}

/// <summary>Where messages meet receivers: a queue of threads of one kind. Layout version 2.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1 << ObjectSize.EndpointBits)]
[NonCopyable]
public struct Endpoint
{
    /// <summary>First thread of the queue, which is a ring (Atoll.Sched, ThreadQueue).</summary>
    [FieldOffset(0)] public ObjectPointer<Thread> Head;

    /// <summary>What they wait for.</summary>
    [FieldOffset(16)] public QueueState State;

    /// <summary>While senders of a badge are being cancelled, a part at a time: the next to look at. Null: nobody is at it.</summary>
    [FieldOffset(24)] public ObjectPointer<Thread> NextToCancel;

    /// <summary>The last to look at: who came later may stay.</summary>
    [FieldOffset(32)] public ObjectPointer<Thread> LastToCancel;

    /// <summary>Their badge.</summary>
    [FieldOffset(40)] public ulong CancelledBadge;
}
