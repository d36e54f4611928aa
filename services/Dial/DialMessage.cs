using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Dial;

/// <summary>What is said over a connection: the meta word of a message. Protocol <c>dial</c>, version 1.</summary>
internal static class DialMessage
{
    /// <summary>To a server. Word 0: a number.</summary>
    internal const uint Question = 1;

    /// <summary>From a server. Word 0: the next number. Word 1: its core.</summary>
    internal const uint Answer = 2;

    /// <summary>To a server: fail.</summary>
    internal const uint Fail = 3;

    /// <summary>To the one that tells: what a caller has seen (<see cref="Tally"/>).</summary>
    internal const uint Report = 4;

    /// <summary>The protocol.</summary>
    internal static ulong Key => ProtocolKey.Of("dial"u8, 1).Raw;

    /// <summary>A message.</summary>
    internal static RingMessage Of(uint meta, ulong word0, ulong word1 = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        return message;
    }
}
