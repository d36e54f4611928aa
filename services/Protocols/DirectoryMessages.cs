using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What the switchboard of a core says to the directory: the meta word of a message. Protocol <c>directory</c>, version 1.</summary>
/// <remarks>
/// A <em>call</em> is a place of the asking switchboard, below <see cref="DirectoryLimits.Calls"/>. A <em>ticket</em> is the directory's name for it, which it tells the server's switchboard. A
/// <em>connection</em> is a number that is used once, and what both ends of the channel name for the kernel. A <em>listener</em> is a place of a switchboard below <see cref="DirectoryLimits.Listeners"/> and,
/// above it, which of those that used the place it is.
/// </remarks>
public enum DirectoryRequest : uint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Somebody listens. Word 0: listener. Word 1: <see cref="ProtocolKey"/>. Words 2 to 5: name.</summary>
    Announce,

    /// <summary>Nobody listens there any more. Word 0: listener.</summary>
    Withdraw,

    /// <summary>A program wants to connect. Word 0: call; from bit 32 on the core that it names. Word 1: <see cref="ProtocolKey"/>. Words 2 to 5: name. Word 6: badge of the program.</summary>
    Connect,

    /// <summary>The asking kernel could not make its end. Word 0: call. Word 1: connection.</summary>
    Fail,

    /// <summary>The server was given its end, which is open. Word 0: ticket. Word 1: connection.</summary>
    Given,

    /// <summary>It was not. Word 0: ticket. Word 1: connection. Word 2: <see cref="ConnectAnswer"/>.</summary>
    Refused,
}

/// <summary>What the directory says to the switchboard of a core: the meta word of a message.</summary>
public enum DirectoryOrder : uint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Make an end. Word 0: call. Word 1: connection. Word 2: core of the server.</summary>
    Route,

    /// <summary>Make an end, and give it to the server. Word 0: ticket. Word 1: connection. Word 2: listener. Word 3: core of who calls. Word 4: its badge there.</summary>
    Arrive,

    /// <summary>Nobody wants it any more. Word 0: ticket. Word 1: connection.</summary>
    Cancel,

    /// <summary>A call has ended. Word 0: call. Word 1: <see cref="ConnectAnswer"/>.</summary>
    Answer,
}

/// <summary>How much can be under way.</summary>
public static class DirectoryLimits
{
    /// <summary>Calls of a core.</summary>
    public const int Calls = 8;

    /// <summary>Listeners of a core.</summary>
    public const int Listeners = 8;

    /// <summary>Connections on their way to the servers of a core.</summary>
    public const int Arrivals = 24;

    /// <summary>Bits of a listener's word that are its place.</summary>
    public const int ListenerBits = 8;
}

/// <summary>Makes messages between switchboards and the directory.</summary>
public static class DirectoryMessages
{
    /// <summary>A message of up to five words.</summary>
    public static RingMessage Of(uint meta, ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0, ulong word4 = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        message.Payload.Word2 = word2;
        message.Payload.Word3 = word3;
        message.Payload.Word4 = word4;
        return message;
    }

    /// <summary>A message with a name.</summary>
    public static RingMessage Of(DirectoryRequest request, ulong word0, ulong key, in NameWords name, ulong badge)
    {
        RingMessage message = Of((uint)request, word0, key, name.Word0, name.Word1, name.Word2);
        message.Payload.Word5 = name.Word3;
        message.Payload.Word6 = badge;
        return message;
    }

    /// <summary>The name in a message.</summary>
    public static NameWords NameOf(ref readonly RingMessage message) => new()
    {
        Word0 = message.Payload.Word2,
        Word1 = message.Payload.Word3,
        Word2 = message.Payload.Word4,
        Word3 = message.Payload.Word5,
    };
}
