using Atoll.Abi;

namespace Atoll.Services.Crowd;

/// <summary>What the programs say.</summary>
internal static class CrowdMessage
{
    /// <summary>The meta word of a question: word 0 is a number.</summary>
    internal const uint Question = 1;

    /// <summary>The meta word of an answer: word 0 is one more than the question's number, word 1 the end that it was asked at.</summary>
    internal const uint Answer = 2;

    /// <summary>The meta word that asks the other to make a mistake.</summary>
    internal const uint Fail = 3;

    /// <summary>The meta word that asks for a question to be answered later, unasked: word 0 is a number, word 1 after how many microseconds.</summary>
    internal const uint Later = 4;

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
