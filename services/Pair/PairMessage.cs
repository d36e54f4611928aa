using Atoll.Abi;

namespace Atoll.Services.Pair;

/// <summary>What the two programs say.</summary>
internal static class PairMessage
{
    /// <summary>The meta word of a question: word 0 is a number.</summary>
    internal const uint Question = 1;

    /// <summary>The meta word of an answer: word 0 is one more than the question's number.</summary>
    internal const uint Answer = 2;

    /// <summary>The meta word that asks the other to make a mistake.</summary>
    internal const uint Fail = 3;

    /// <summary>A message.</summary>
    internal static RingMessage Of(uint meta, ulong number)
    {
        RingMessage message = default;
        message.Meta = meta;
        message.Payload.Word0 = number;
        return message;
    }
}
