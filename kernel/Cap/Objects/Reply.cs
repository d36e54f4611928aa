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

    /// <summary>The thread that received the call; it runs on the caller's scheduling context when that was lent.</summary>
    [FieldOffset(8)] public ObjectPointer<Thread> Receiver;

    /// <summary>The reply object of the call that the caller itself serves: the one below in the chain of lending.</summary>
    [FieldOffset(16)] public ObjectPointer<Reply> Below;

    /// <summary>The one above.</summary>
    [FieldOffset(24)] public ObjectPointer<Reply> Above;

    /// <summary>The thread that waits at an endpoint with this reply object.</summary>
    [FieldOffset(32)] public ObjectPointer<Thread> Waiter;

    /// <summary>Whether the caller may be granted capabilities with the answer.</summary>
    [FieldOffset(40)] public bool MayGrant;
}
