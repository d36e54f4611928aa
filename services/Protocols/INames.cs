using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Servers by name. The system says which program may have which name.</summary>
[Protocol("names", version: 1)]
public interface INames
{
    /// <summary>A server can be found from now on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="endpoint">An endpoint of its own memory, without a badge, with the right to send and to grant. It ends with the server.</param>
    NamesAnswer Register(ReadOnlySpan<byte> name, MessageEndpoint endpoint);

    /// <summary>A server can be found no more. Who has found it keeps what it has.</summary>
    /// <param name="name">Its name.</param>
    NamesAnswer Remove(ReadOnlySpan<byte> name);

    /// <summary>Finds a server.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="endpoint">For calling it: the server sees the caller's badge.</param>
    NamesAnswer Find(ReadOnlySpan<byte> name, out MessageEndpoint endpoint);

    /// <summary>Tells about a name.</summary>
    /// <param name="index">From 0 on.</param>
    /// <param name="name">The name.</param>
    /// <param name="length">Its length.</param>
    /// <param name="owner">Badge of who may have it: its position in the system and one.</param>
    /// <returns>Done, NotRegistered, ServerGone; Unknown: there are no more.</returns>
    NamesAnswer Describe(uint index, Span<byte> name, out uint length, out ulong owner);
}

/// <summary>What a server of names answers.</summary>
public enum NamesAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The system has no such name.</summary>
    Unknown,

    /// <summary>Nobody has registered yet.</summary>
    NotRegistered,

    /// <summary>The server that was registered is dead.</summary>
    ServerGone,

    /// <summary>A server that lives is registered already.</summary>
    Taken,

    /// <summary>The system does not allow this program the name.</summary>
    NotAllowed,

    /// <summary>The endpoint has a badge, or may not be called, or cannot be kept.</summary>
    EndpointUnusable,
}
