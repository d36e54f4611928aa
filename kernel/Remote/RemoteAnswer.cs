using Atoll.Abi;

namespace Atoll.Remote;

/// <summary>How a home answers a call. Untrusted until <see cref="RemoteState.Answered"/> has compared it.</summary>
public struct RemoteAnswer
{
    /// <summary>Number of the caller's record.</summary>
    public uint Number;

    /// <summary>Ok; or why there is no message.</summary>
    public SystemResult Result;

    /// <summary>Header of the message: at most four words, no capability.</summary>
    public ulong Header;

    /// <summary>Word 0.</summary>
    public ulong Word0;

    /// <summary>Word 1.</summary>
    public ulong Word1;

    /// <summary>Word 2.</summary>
    public ulong Word2;

    /// <summary>Word 3.</summary>
    public ulong Word3;
}
