using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Who waits for an answer. Holds one caller at a time, so a reply can be sent once. Layout version 1.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1 << ObjectSize.ReplyBits)]
[NonCopyable]
public struct Reply
{
    /// <summary>The thread that called and waits.</summary>
    [FieldOffset(0)] public ObjectPointer<Thread> Caller;

    /// <summary>The reply object that the same time was lent through before: the one below in the chain of lending.</summary>
    [FieldOffset(16)] public ObjectPointer<Reply> Below;

    /// <summary>The thread that waits at an endpoint with this reply object.</summary>
    [FieldOffset(32)] public ObjectPointer<Thread> Waiter;

    /// <summary>Whether the caller may be granted capabilities with the answer.</summary>
    [FieldOffset(40)] public bool MayGrant;

    /// <summary>Whether another instance's kernel answers: it has to hear that the caller waits no more.</summary>
    [FieldOffset(41)] public bool IsForeign;

    // An address, because the .NET runtime of the host cannot load structs that name each other in type arguments.
    [FieldOffset(24)] private ulong _lent;

    /// <summary>The time that the caller lent with its call; null: none.</summary>
    public ObjectPointer<SchedulingContext> Lent
    {
        readonly get => new(_lent);
        set => _lent = value.Address;
    }
}
