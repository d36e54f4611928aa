using System.Runtime.InteropServices;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>How far a call is of which a kernel awaits the answer of another.</summary>
public enum AwaitedState : byte
{
    /// <summary>The home has not been asked: its ring is full.</summary>
    Unsent,

    /// <summary>The home has been asked.</summary>
    Sent,

    /// <summary>The home has been told that nobody waits any more. It answers all the same.</summary>
    Cancelled,
}

/// <summary>A call or message of a program to an endpoint of another instance. The record is used again only when the home has answered or is gone.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
[NonCopyable]
public struct AwaitedCall
{
    /// <summary>Bytes of a record: two cache lines.</summary>
    public const int SizeBytes = 128;

    /// <summary>Holds the thread that waits, as a reply object of this instance does. First: it lies at the address of the record.</summary>
    public Reply Reply;

    /// <summary>What the home is asked.</summary>
    public RemoteCall Call;

    /// <summary>The home.</summary>
    public uint Peer;

    /// <summary>How far it is.</summary>
    public AwaitedState State;
}
