using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>A word of pending bits, and who waits for them. Layout version 1.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1 << ObjectSize.NotificationBits)]
[NonCopyable]
public struct Notification
{
    /// <summary>First waiting thread, of a ring.</summary>
    [FieldOffset(0)] public ObjectPointer<Thread> Head;

    /// <summary>Badges that were signalled and not received, or-ed.</summary>
    [FieldOffset(16)] public ulong Pending;

    /// <summary>The thread that also gets the signals when it waits at an endpoint.</summary>
    [FieldOffset(24)] public ObjectPointer<Thread> BoundThread;

    /// <summary>Whether something is pending; a signal without a badge has no bits.</summary>
    [FieldOffset(32)] public bool IsPending;

    /// <summary>One more than the number of the first end of a channel that has signalled it and waits to be taken (the room <c>Channels</c>); 0: none.</summary>
    [FieldOffset(40)] public ushort FirstReady;

    /// <summary>One more than the number of the last.</summary>
    [FieldOffset(42)] public ushort LastReady;
}
