using Atoll.Abi;

namespace Atoll.Services.Midway;

/// <summary>What listener and senders tell each other.</summary>
internal static class MidwayMessage
{
    /// <summary>Sender: word 0 is the next number of this life; all other words depend on it, so that a part of another message shows.</summary>
    internal const uint Number = 1;

    /// <summary>Listener: die in a send. Word 0: at which step; word 1: after how many numbers more; word 2: 1 when you are to stand still there.</summary>
    internal const uint Die = 2;

    /// <summary>Sender: word 0 is how many numbers I have sent in this life; I die of the next message.</summary>
    internal const uint Farewell = 3;

    /// <summary>Sender: the message that it dies of; otherwise like <see cref="Number"/>.</summary>
    internal const uint LastWords = 4;

    // Any odd number will do: 2^64 over the golden ratio.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <summary>A message of three words.</summary>
    internal static RingMessage Of(uint meta, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        message.Payload.Word2 = word2;
        return message;
    }

    /// <summary>A number, or last words.</summary>
    internal static RingMessage Numbered(uint meta, ulong number, uint from)
    {
        RingMessage message = Of(meta, number, Word(number, from, 1), Word(number, from, 2));
        message.Payload.Word3 = Word(number, from, 3);
        message.Payload.Word4 = Word(number, from, 4);
        message.Payload.Word5 = Word(number, from, 5);
        message.Payload.Word6 = Word(number, from, 6);
        return message;
    }

    /// <summary>Whether a message is the whole of a number, or of last words.</summary>
    internal static bool IsWhole(ref readonly RingMessage message, ulong number, uint from) =>
        message.Payload.Word0 == number
        && message.Payload.Word1 == Word(number, from, 1)
        && message.Payload.Word2 == Word(number, from, 2)
        && message.Payload.Word3 == Word(number, from, 3)
        && message.Payload.Word4 == Word(number, from, 4)
        && message.Payload.Word5 == Word(number, from, 5)
        && message.Payload.Word6 == Word(number, from, 6);

    private static ulong Word(ulong number, uint from, ulong place) => (number + place) * (Spread ^ from);
}
